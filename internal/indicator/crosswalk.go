package indicator

// Crosswalk 口径对照 tells readers from abroad which international indicators an
// indicator comes nearest to. The zero Crosswalk says nothing either way.
type Crosswalk struct {
	Near []Counterpart `json:"near"` // nearest first; empty: none comes near
	Note Text          `json:"note"` // how China's definition differs, or why none comes near
}

// IsZero reports whether nobody has compared the indicator.
func (c Crosswalk) IsZero() bool { return len(c.Near) == 0 && c.Note.IsZero() }

// Counterpart is an indicator of an international system under its own code.
type Counterpart struct {
	System System `json:"system"`
	Code   string `json:"code"` // 9.5.1, G_XGDP, sdg_09_10
	Name   Text   `json:"name"`
}

// System is an international system of indicators.
type System string

// The systems.
const (
	SDG      System = "SDG"      // the global indicator framework of the United Nations
	OECD     System = "OECD"     // Main Science and Technology Indicators
	Eurostat System = "Eurostat" // tables of its database
)
