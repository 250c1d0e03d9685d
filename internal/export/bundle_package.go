package export

import (
	"github.com/dabiao/dabiao/internal/assess"
	"github.com/dabiao/dabiao/internal/indicator"
)

// dataPackage is datapackage.json of the Data Package standard, version 2. What
// the standard has no word for stands under dabiao.
type dataPackage struct {
	Schema      string          `json:"$schema"`
	Name        string          `json:"name"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Sources     []packageSource `json:"sources,omitempty"`
	Dabiao      packageMoment   `json:"dabiao"`
	Resources   []resource      `json:"resources"`
}

type packageSource struct {
	Title string `json:"title"`
}

type packageMoment struct {
	AsOf       *string         `json:"as_of"` // null: no limit
	Day        string          `json:"day"`
	AsOfPeriod *string         `json:"as_of_period"`
	Version    int64           `json:"version"`
	Catalogue  string          `json:"catalogue"`
	Methods    []packageMethod `json:"methods"`
}

type packageMethod struct {
	Method  string         `json:"method"`
	Version int            `json:"version"`
	Title   indicator.Text `json:"title"`
}

type resource struct {
	Name      string        `json:"name"`
	Type      string        `json:"type"`
	Title     string        `json:"title"`
	Path      string        `json:"path"`
	Format    string        `json:"format"`
	MediaType string        `json:"mediatype"`
	Encoding  string        `json:"encoding"`
	Bytes     int64         `json:"bytes"`
	Hash      string        `json:"hash"`
	Schema    packageSchema `json:"schema"`
}

type packageSchema struct {
	Fields      []packageField `json:"fields"`
	PrimaryKey  []string       `json:"primaryKey"`
	ForeignKeys []foreignKey   `json:"foreignKeys,omitempty"`
}

type packageField struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Format string `json:"format,omitempty"`
	Title  string `json:"title"`
}

type foreignKey struct {
	Fields    []string     `json:"fields"`
	Reference keyReference `json:"reference"`
}

type keyReference struct {
	Resource string   `json:"resource"`
	Fields   []string `json:"fields"`
}

func newDataPackage(b Bundle, resources []resource, uploads *bundleUploads) dataPackage {
	p := dataPackage{
		Schema: "https://datapackage.org/profiles/2.0/datapackage.json",
		Name:   "dabiao-bundle",
		Title:  both(indicator.T("达标：监测评估及重算所需的全部数据", "Dabiao: assessments, with all that is needed to replay them")),
		Description: both(indicator.T(
			"数据的全部版本、目标、各评估方法的结果，以及逐项重算的脚本。数据的来源见 uploads.csv 和 sources，目标的出处见 documents.csv；其权利归各来源，本系统不另授许可。",
			"Readings in all vintages, targets, the verdicts of every method, and scripts that replay them. Where figures come from is in uploads.csv and sources, where targets come from in documents.csv; the rights in them are their sources' own, and no licence is added here.")),
		Dabiao: packageMoment{
			AsOf: optional(bundleMoment(b.AsOf)), Day: b.day(), AsOfPeriod: optional(b.AsOfPeriod.String()),
			Version: b.Version, Catalogue: b.Catalog.Hash(),
		},
		Resources: resources,
	}
	for _, source := range uploads.sources() {
		p.Sources = append(p.Sources, packageSource{Title: source})
	}
	for _, m := range assess.Methods() {
		p.Dabiao.Methods = append(p.Dabiao.Methods, packageMethod{m.Name, m.Version, m.Title})
	}
	return p
}

// both is a text for a field that has one language only.
func both(t indicator.Text) string { return t.ZH + " / " + t.EN }

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// resource describes a table that has been written.
func (t table[T]) resource(m *measured) resource {
	r := resource{Name: t.name, Type: "table", Title: both(t.title), Path: t.name + ".csv", Format: "csv",
		MediaType: "text/csv", Encoding: "utf-8", Bytes: m.bytes, Hash: m.sum(), Schema: packageSchema{PrimaryKey: t.key}}
	for _, c := range t.columns {
		f := packageField{Name: c.name, Type: c.kind, Title: both(c.title)}
		if c.kind == "datetime" {
			f.Format = "%Y-%m-%dT%H:%M:%S.%f%z"
		}
		r.Schema.Fields = append(r.Schema.Fields, f)
	}
	for _, ref := range t.refs {
		r.Schema.ForeignKeys = append(r.Schema.ForeignKeys,
			foreignKey{[]string{ref.column}, keyReference{ref.table, []string{ref.key}}})
	}
	return r
}
