package settings

import (
	"fmt"
	"net/url"
	"regexp"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
)

type documentsFile struct {
	Documents []indicator.Document `yaml:"documents"`
}

var documentID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// loadDocuments fills the documents and reports whether every one has an id.
func (l *loader) loadDocuments(c *indicator.Catalog) (complete bool) {
	var content documentsFile
	f := l.read("documents.yaml", &content)
	if f.unusable {
		return false
	}
	c.Documents = content.Documents
	complete = true
	taken := map[string]bool{}
	for i, d := range c.Documents {
		path := fmt.Sprintf("$.documents[%d]", i)
		switch {
		case !f.require(path+".id", d.ID != ""):
			complete = false
		case !documentID.MatchString(d.ID):
			f.fault(path+".id", "文件标识“%s”应只含小写字母、数字和连字符。",
				"the document id %q must be lower-case letters, digits and hyphens", d.ID)
		case taken[d.ID]:
			f.fault(path+".id", "文件标识 %s 重复。请删去一个或改名。", "the document id %s is used twice: remove or rename one", d.ID)
		}
		taken[d.ID] = true
		f.document(path, d)
	}
	return complete
}

func (f *file) document(path string, d indicator.Document) {
	f.requireText(path+".title", d.Title)
	f.requireText(path+".issuer", d.Issuer)
	f.requireText(path+".seen", d.Seen)
	f.optionalText(path+".note", d.Note)
	f.require(path+".source_kind", d.SourceKind != "")
	if d.Date != "" && !partialDate(d.Date) {
		f.fault(path+".date", "日期“%s”无效。应为 2024、2024-01 或 2024-01-31。",
			"%q is not a date: want 2024, 2024-01 or 2024-01-31", d.Date)
	}
	if d.Address != "" {
		if u, err := url.Parse(d.Address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			f.fault(path+".address", "地址“%s”无效。应以 http:// 或 https:// 开头。",
				"%q is not an address: it must begin with http:// or https://", d.Address)
		}
	}
}

// partialDate accepts a year, a month or a day.
func partialDate(s string) bool {
	for _, layout := range []string{"2006", "2006-01", time.DateOnly} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}
