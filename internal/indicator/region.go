package indicator

// Level of a region.
type Level string

// The levels, from the top.
const (
	Country  Level = "country"
	Province Level = "province"
	City     Level = "city"
	County   Level = "county"
)

// Nation is the code of the whole country.
const Nation = "000000"

// Region is a country, province, city or county.
type Region struct {
	Code      string   `json:"code"`    // GB/T 2260, six digits
	ISO       string   `json:"iso"`     // ISO 3166-2, empty below the province
	Name      Text     `json:"name"`    // full name: 福建省
	Short     Text     `json:"short"`   // as tables write it: 福建
	Level     Level    `json:"level"`   //
	Parent    string   `json:"parent"`  // code, empty for the nation
	Aliases   []string `json:"aliases"` // other names files use
	Pinyin    string   `json:"pinyin"`  // for the picker: fujian
	Tile      [2]int   `json:"tile"`    // column and row in the tile grid, from 1; provinces only
	Collected bool     `json:"collected"`
}

// Group is a named list of regions, such as 长三角.
type Group struct {
	Code       string   `json:"code"`
	Name       Text     `json:"name"`
	Definition Text     `json:"definition"` // who draws the group, and what of it the catalogue lacks
	Regions    []string `json:"regions"`
}
