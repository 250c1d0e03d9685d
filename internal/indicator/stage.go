package indicator

// Stages are what a release of figures can be, in the order in which one year's
// figures go through them. Uploads carry the Chinese word.
var Stages = []Text{
	{"快报", "flash estimate"},
	{"初步核算", "preliminary accounting"},
	{"最终核实", "final verification"},
	{"年报", "annual report"},
	{"普查修订", "census revision"},
}

// StageName is a stage in both languages; a word of the uploader's own is itself.
func StageName(s string) Text {
	for _, stage := range Stages {
		if stage.ZH == s {
			return stage
		}
	}
	return Text{s, s}
}
