package chart

import "maps"

// The colours of the light page. They are told apart by lightness as well as by
// hue, and no line is known by its colour alone: it has its name at its end.
const (
	inkColor    = "#374151" // words
	faintColor  = "#6b7280" // axis labels, marks of breaks
	gridColor   = "#e5e7eb"
	otherColor  = "#c7cdd6" // other regions, behind
	nationColor = "#3f4a59"
	ownColor    = "#0f5ea8"
	goalColor   = "#7a3e9d"
	bandColor   = "#e9dcf2"
	innerColor  = "#a9cdee" // 80 % of a forecast
	outerColor  = "#d9e8f6" // 95 %
	edgeColor   = "#7fa9cf" // the ends of both
	paperColor  = "#fefefe" // halo of labels, inside of hollow points
)

// namedColors are for a few lines of equal weight.
var namedColors = [...]string{ownColor, "#b4540a", "#2f7d4f", "#a3224a", "#0b7285", "#6f5a00"}

var dark = map[string]string{
	inkColor:    "#d5d9e0",
	faintColor:  "#9ca3af",
	gridColor:   "#2c323b",
	otherColor:  "#4b5461",
	nationColor: "#c5ccd6",
	ownColor:    "#63b1f6",
	goalColor:   "#d3a1f0",
	bandColor:   "#3a2b47",
	innerColor:  "#2c557d",
	outerColor:  "#1d344b",
	edgeColor:   "#4d7fae",
	paperColor:  "#16181c",
	"#b4540a":   "#f0a05c",
	"#2f7d4f":   "#6cc48e",
	"#a3224a":   "#f0839f",
	"#0b7285":   "#5cc7d9",
	"#6f5a00":   "#d6bd4c",
}

// Dark gives for every colour of an option the one to use on a dark page. An
// option is made once, for the light page; a page that turns dark replaces each
// string of it that is a key of Dark:
//
//	JSON.parse(text, (key, value) => dark[value] ?? value)
func Dark() map[string]string { return maps.Clone(dark) }
