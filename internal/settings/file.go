package settings

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
)

// maxFileBytes is far above any configuration written by hand.
const maxFileBytes = 2 << 20

// directory is a place of files and its name in faults.
type directory struct {
	fs   fs.FS
	name string
}

// file is one configuration file: what was found in it, and where.
type file struct {
	name     string // as faults show it
	unusable bool   // not there, not readable or not YAML: nothing in it can be checked
	lines    map[string]int
	refused  map[string]bool // paths whose value was refused; no further fault about them
	faults   []indicator.Fault
}

// read decodes one of the configuration files.
func (l *loader) read(name string, into any) *file { return l.first(l.config, name, into) }

// first decodes the first file called name that the directories hold.
func (l *loader) first(dirs []directory, name string, into any) *file {
	for _, dir := range dirs {
		if dir.fs == nil {
			continue
		}
		if f, data, found := l.open(dir, name); found {
			if !f.unusable {
				f.decode(data, into)
			}
			return f
		}
	}
	f := l.add(path.Join(dirs[0].name, name))
	f.unusable = true
	f.fault("$", "缺少文件 %s。请放入目录。", "the file %s is missing: put it into its directory", name)
	return f
}

// configFiles are the files that a configuration directory may hold.
var configFiles = []string{"dabiao.yaml", "regions.yaml", "indicators.yaml", "documents.yaml", "targets.yaml"}

// checkDirectory finds what would silently lead back to the built-in defaults:
// a directory that is not there, and a file whose name is not known.
func (l *loader) checkDirectory(dir directory) {
	if dir.fs == nil {
		return
	}
	entries, err := fs.ReadDir(dir.fs, ".")
	if err != nil {
		l.add(dir.name).fault("$", "无法打开配置目录：%[1]v。请检查 --config 的路径和权限。",
			"cannot open the configuration directory: %[1]v; check the path of --config and its permissions", err)
		return
	}
	for _, e := range entries {
		ext := path.Ext(e.Name())
		if e.IsDir() || ext != ".yaml" && ext != ".yml" || slices.Contains(configFiles, e.Name()) {
			continue
		}
		l.add(path.Join(dir.name, e.Name())).fault("$", "未知的配置文件。可用的文件：%s。请改名或移走。",
			"unknown configuration file; the files are %s: rename it or take it away", strings.Join(configFiles, ", "))
	}
}

// open reads one file; found is false where the directory does not have it.
func (l *loader) open(dir directory, name string) (f *file, data []byte, found bool) {
	data, err := readLimited(dir.fs, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, false
	}
	f = l.add(path.Join(dir.name, name))
	if err != nil {
		f.unusable = true
		f.fault("$", "无法读取文件：%[1]v。请检查权限和大小。", "cannot read the file: %[1]v; check its permissions and size", err)
	}
	return f, data, true
}

var errTooLarge = errors.New("larger than 2 MiB")

func readLimited(dir fs.FS, name string) ([]byte, error) {
	r, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	if err == nil && len(data) > maxFileBytes {
		err = errTooLarge
	}
	return data, err
}

func (l *loader) add(name string) *file {
	f := &file{name: name, lines: map[string]int{}, refused: map[string]bool{}}
	l.files = append(l.files, f)
	return f
}

// fault records what is wrong at a path, in both languages with the same arguments.
func (f *file) fault(path, zh, en string, args ...any) {
	f.faultText(path, say(zh, en, args...))
}

func (f *file) faultText(path string, message indicator.Text) {
	f.faults = append(f.faults, indicator.Fault{File: f.name, Line: f.line(path), Message: message})
}

// line is where the value at path stands, or the nearest thing around it.
func (f *file) line(path string) int {
	for path != "" {
		if line, ok := f.lines[path]; ok {
			return line
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return 1
}

// label is how a message names the value at path: its keys inside its entry.
func label(path string) string {
	path = strings.TrimPrefix(path, "$.")
	if _, inside, ok := strings.Cut(path, "]."); ok {
		return inside
	}
	return path
}

// given reports whether the file has a value at path.
func (f *file) given(path string) bool { return f.lines[path] > 0 }

// spoilt reports whether the value at path, around it or inside it was refused.
func (f *file) spoilt(path string) bool {
	for refused := range f.refused {
		if refused == path || strings.HasPrefix(path, refused+".") ||
			strings.HasPrefix(refused, path+".") || strings.HasPrefix(refused, path+"[") {
			return true
		}
	}
	return false
}

// require reports a value that is absent or empty, unless it was refused already.
func (f *file) require(path string, present bool) bool {
	if !present && !f.spoilt(path) {
		f.fault(path, "缺少 %[1]s。请补上。", "%[1]s is missing or empty: fill it in", label(path))
	}
	return present
}

// requireText wants both languages.
func (f *file) requireText(path string, t indicator.Text) {
	if t.IsZero() {
		f.require(path, false)
		return
	}
	f.require(path+".zh", t.ZH != "")
	f.require(path+".en", t.EN != "")
}

// optionalText wants both languages or neither.
func (f *file) optionalText(path string, t indicator.Text) {
	if !t.IsZero() {
		f.requireText(path, t)
	}
}

// unknown reports a reference to something that is not there, with the nearest name.
func (f *file) unknown(path, zh, en, value, nearest string) {
	if nearest == "" {
		f.fault(path, "没有这个"+zh+"：“%s”。请核对代码。", "there is no "+en+" %q: check the code", value)
		return
	}
	f.fault(path, "没有这个"+zh+"：“%s”。最接近的是“%s”。", "there is no "+en+" %q; the nearest is %q", value, nearest)
}

// names keeps who uses a name, to find the second user.
type names struct {
	f     *file
	owner map[string]string
	line  map[string]int
}

func newNames(f *file) names { return names{f, map[string]string{}, map[string]int{}} }

// claim gives name to owner; a name that another owner has is a fault at path.
func (n names) claim(path, name, owner string) {
	key := fold(name)
	if key == "" {
		return
	}
	if other, taken := n.owner[key]; !taken {
		n.owner[key], n.line[key] = owner, n.f.line(path)
	} else if other != owner {
		n.f.fault(path, "名称“%[1]s”已属于 %[2]s（第 %[3]d 行）。每个名称只能有一个含义，请改名或删除。",
			"the name %[1]q already belongs to %[2]s (line %[3]d): a name means one thing only, change or remove it",
			name, other, n.line[key])
	}
}

// repeated reports the second and later occurrences in a list of codes.
func (f *file) repeated(path func(i int) string, list []string) {
	for i, code := range list {
		if slices.Contains(list[:i], code) {
			f.fault(path(i), "“%s”重复，请删去一个。", "%q is listed twice: remove one", code)
		}
	}
}
