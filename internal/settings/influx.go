package settings

import (
	"bytes"
	"crypto/x509"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// LedgerKind is where the readings are kept.
type LedgerKind string

// The two ledgers.
const (
	SQLite   LedgerKind = "sqlite"   // one file in the data directory
	InfluxDB LedgerKind = "influxdb" // a server, see Influx
)

// ServerRole is what a server does beside showing figures.
type ServerRole string

// A primary server has logins, uploads and drafts; beside one InfluxDB there is
// one of them. A reader has none of it and shows what is published.
const (
	Primary ServerRole = "primary"
	Reader  ServerRole = "reader"
)

// Influx says where the InfluxDB of a ledger is and how to speak with it. Token
// and CA are only read where Settings.Ledger is InfluxDB.
type Influx struct {
	URL         string // http(s)://HOST:PORT
	Org         string
	Bucket      string // of 2.x; for 1.x and openGemini DATABASE/POLICY
	Token       Secret
	CA          []byte // PEM, nil: only the system's authorities
	Timeout     time.Duration
	Instance    int // 0 to 63
	Replication int // copies that a new database asks for
}

// Secret prints as a mask, however it is printed.
type Secret string

const mask = "(secret)"

func (Secret) String() string { return mask }

// GoString keeps %#v from showing it.
func (Secret) GoString() string { return mask }

// MarshalText keeps JSON and logs from showing it.
func (Secret) MarshalText() ([]byte, error) { return []byte(mask), nil }

// TokenVariable is the environment variable that may hold the token.
const TokenVariable = "DABIAO_INFLUXDB_TOKEN"

// influxBlock is the block influxdb of dabiao.yaml.
type influxBlock struct {
	URL         string   `yaml:"url"`
	Org         string   `yaml:"org"`
	Bucket      string   `yaml:"bucket"`
	TokenFile   string   `yaml:"token_file"`
	CAFile      string   `yaml:"ca_file"`
	Timeout     duration `yaml:"timeout"`
	Instance    int      `yaml:"instance"`
	Replication int      `yaml:"replication"`
}

func (b *influxBlock) setDefaults() {
	*b = influxBlock{Timeout: duration(10 * time.Second), Replication: 1}
}

// duration is written like 10s or 1m30s.
type duration time.Duration

func (d *duration) decodeNode(f *file, path string, n ast.Node) {
	text, _ := textOf(n)
	parsed, err := time.ParseDuration(text)
	if err != nil {
		f.refuse(path, "应为时长，如 10s 或 1m30s。", "want a length of time like 10s or 1m30s")
		return
	}
	*d = duration(parsed)
}

const (
	longestTimeout  = 10 * time.Minute
	highestInstance = 63
	mostCopies      = 16
)

// loadInflux checks the block's form in any case, so that it can be prepared
// beside ledger: sqlite, and what it names only where it is used.
func (l *loader) loadInflux(f *file, content settingsFile) Influx {
	const block = "$.influxdb"
	b := content.Influx
	f.serverURL(block+".url", b.URL)
	if d := time.Duration(b.Timeout); (d < time.Second || d > longestTimeout) && !f.spoilt(block+".timeout") {
		f.fault(block+".timeout", "timeout 应在 1s 至 10m 之间。", "timeout must lie between 1s and 10m")
	}
	f.within(block+".instance", b.Instance, 0, highestInstance)
	f.within(block+".replication", b.Replication, 1, mostCopies)
	out := Influx{URL: strings.TrimSuffix(b.URL, "/"), Org: b.Org, Bucket: b.Bucket,
		Timeout: time.Duration(b.Timeout), Instance: b.Instance, Replication: b.Replication}
	switch {
	case content.Ledger != InfluxDB:
		return out
	case !f.given(block):
		f.fault("$.ledger", "ledger 为 influxdb 时，须有 influxdb 一节，写明 url、org 和 bucket。",
			"ledger: influxdb needs a block influxdb with url, org and bucket")
		return out
	}
	f.require(block+".url", b.URL != "")
	f.require(block+".org", b.Org != "")
	if f.require(block+".bucket", b.Bucket != "") && (strings.HasPrefix(b.Bucket, "/") || strings.HasSuffix(b.Bucket, "/")) {
		f.fault(block+".bucket", "bucket 应为存储桶的名称，或 数据库/保留策略。", "bucket must be the name of a bucket, or DATABASE/POLICY")
	}
	out.Token = l.influxToken(f, block, b.TokenFile)
	out.CA = l.authorities(f, block+".ca_file", b.CAFile)
	return out
}

// serverURL wants a server and nothing else. No fault repeats the address: it
// may hold a password by mistake.
func (f *file) serverURL(path, address string) {
	if address == "" {
		return
	}
	u, err := url.Parse(address)
	switch {
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https":
		f.fault(path, "地址无效。应写作 http://主机:端口 或 https://主机:端口。",
			"this is not an address: write http://HOST:PORT or https://HOST:PORT")
	case u.User != nil:
		f.fault(path, "地址中不能有用户名和密码。请改用 token_file 或环境变量 "+TokenVariable+"。",
			"an address holds no user and no password: use token_file or the environment variable "+TokenVariable)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		f.fault(path, "地址只写到端口为止，其后不能有路径和参数。",
			"the address ends with the port: no path and no parameters after it")
	}
}

// influxToken is the token from the one place that gives it, empty for a server
// that wants none.
func (l *loader) influxToken(f *file, block, name string) Secret {
	path := block + ".token_file"
	where, token := block, strings.TrimSpace(l.token)
	if name != "" {
		if token != "" {
			f.fault(path, "令牌给了两处：token_file 和环境变量 "+TokenVariable+"。请只留一处。",
				"the token is given twice, here and in the environment variable "+TokenVariable+": keep one of them")
			return ""
		}
		content, ok := l.named(f, path, name)
		if !ok {
			return ""
		}
		content = bytes.TrimPrefix(content, []byte("\ufeff")) // of Windows' editor
		where, token = path, string(bytes.TrimSpace(content))
		if token == "" {
			f.fault(path, "令牌文件是空的。请写入令牌，只写一行。", "the token file is empty: write the token into it, in one line")
		}
	}
	if strings.ContainsFunc(token, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		f.fault(where, "令牌应为一行，不含空格。", "the token must be one line without blanks")
		return ""
	}
	return Secret(token)
}

// authorities are the certificates of a PEM file; nil where none is named.
func (l *loader) authorities(f *file, path, name string) []byte {
	if name == "" {
		return nil
	}
	content, ok := l.named(f, path, name)
	if ok && !x509.NewCertPool().AppendCertsFromPEM(content) {
		f.fault(path, "文件中没有 PEM 格式的证书。", "there is no certificate in PEM form in this file")
	}
	return content
}

// named reads a file that the settings name.
func (l *loader) named(f *file, path, name string) ([]byte, bool) {
	content, err := l.readFile(name)
	if err != nil {
		f.fault(path, "无法读取文件：%[1]v。请检查路径和权限。", "cannot read the file: %[1]v; check its path and permissions", err)
	}
	return content, err == nil
}

// within wants a whole number of a range.
func (f *file) within(path string, value, low, high int) {
	if (value < low || value > high) && !f.spoilt(path) {
		f.fault(path, "%[1]s 应为 %[2]d 至 %[3]d 的整数。", "%[1]s must be a whole number from %[2]d to %[3]d", label(path), low, high)
	}
}
