package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/ledger/influx"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
)

// place is where a ledger is, as a command is told: sqlite:PATH, or
// influxdb+http(s)://HOST:PORT/ORG/BUCKET, for 1.x …/ORG/DATABASE/POLICY, where
// it does not matter what ORG says: a hyphen will do. What a name holds of /, ?,
// #, % or @ is written as in every URL: %2F, %3F, %23, %25, %40.
type place struct {
	text   string          // as it was given
	path   string          // of a SQLite file
	server *influx.Options // of an InfluxDB, nil for SQLite
}

// parsePlace reads a URL. A token in it is refused, and not repeated: the list
// of processes and the shell's history are open to too many eyes.
func parsePlace(text string) (place, error) {
	scheme, rest, _ := strings.Cut(text, ":")
	switch scheme {
	case "sqlite":
		path, err := url.PathUnescape(rest)
		switch {
		case err != nil:
			return place{}, wrongPlace(text, "百分号后面应是两位十六进制数，百分号本身写作 %25", "two hex digits follow a percent sign, which itself is written %25")
		case path == "":
			return place{}, wrongPlace(text, "缺少文件路径", "the path of the file is missing")
		case strings.HasPrefix(path, "//"):
			return place{}, wrongPlace(text, "sqlite: 后面直接写路径，不加 //", "the path follows sqlite: at once, without //")
		}
		return place{text: text, path: path}, nil
	case "influxdb+http", "influxdb+https":
		return parseServer(text)
	}
	return place{}, wrongPlace(text, "不认识的开头", "unknown beginning")
}

func parseServer(text string) (place, error) {
	if strings.ContainsAny(text, "@?#") {
		return place{}, usageError{indicator.T(
			"账本地址里不能有用户名、令牌（@）或参数（? #）。令牌写在文件里，用 --token-file、--from-token-file 或 --to-token-file 指定；名称里的这些字符写作 %40、%3F、%23。",
			"A ledger's URL holds no user or token (@) and no parameters (? #). Tokens are read from a file, see --token-file, --from-token-file and --to-token-file; in names write %40, %3F, %23.")}
	}
	u, err := url.Parse(strings.TrimPrefix(text, "influxdb+"))
	switch {
	case err != nil:
		return place{}, wrongPlace(text, "地址有误："+errors.Unwrap(err).Error(), errors.Unwrap(err).Error())
	case u.Hostname() == "" || u.Port() == "":
		return place{}, wrongPlace(text, "缺少主机或端口", "the host or the port is missing")
	}
	names := strings.Split(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	for i := range names {
		if names[i], err = url.PathUnescape(names[i]); err != nil || names[i] == "" && i > 0 {
			return place{}, wrongPlace(text, "ORG 之后的名称不能为空", "a name after ORG is empty")
		}
	}
	if len(names) < 2 || len(names) > 3 {
		return place{}, wrongPlace(text, "主机之后应有两个名称，1.x 有三个", "two names follow the host, three for 1.x")
	}
	if names[0] == "-" {
		names[0] = ""
	}
	return place{text: text, server: &influx.Options{
		URL: u.Scheme + "://" + u.Host, Org: names[0], Bucket: strings.Join(names[1:], "/"),
	}}, nil
}

func wrongPlace(text, zh, en string) error {
	return usageError{indicator.T(
		fmt.Sprintf("账本地址“%s”无法识别：%s。写法：sqlite:PATH，或 influxdb+http://HOST:PORT/ORG/BUCKET（1.x：/ORG/DATABASE/POLICY），或 influxdb+https://…", text, zh),
		fmt.Sprintf("cannot read the ledger's URL %q: %s. Write sqlite:PATH, or influxdb+http://HOST:PORT/ORG/BUCKET (1.x: /ORG/DATABASE/POLICY), or influxdb+https://…", text, en))}
}

// key is what a server wants to see, and what we want to see of it.
type key struct {
	TokenFile string `placeholder:"FILE" help:"${token_file}"`
	CAFile    string `name:"ca-file" placeholder:"FILE" help:"${ca_file}"`
}

// open opens the ledger there. Only where create is set a ledger that is not
// there is made.
func (p place) open(e *env, k key, create bool) (ledger.Ledger, error) {
	if p.server == nil {
		if k.TokenFile != "" {
			return nil, usageError{indicator.T(p.text+" 是文件，不需要令牌", p.text+" is a file and takes no token")}
		}
		if err := p.lookForFile(create); err != nil {
			return nil, err
		}
		return sqlite.Open(e.ctx, p.path, e.now)
	}
	o := *p.server
	o.Now = e.now
	var err error
	if k.TokenFile != "" {
		if o.Token, err = firstLine(e, k.TokenFile); err != nil {
			return nil, err
		}
		if o.Token = strings.TrimSpace(o.Token); o.Token == "" {
			return nil, inputError{indicator.T("令牌文件 "+k.TokenFile+" 的第一行是空的。", "The first line of the token file "+k.TokenFile+" is empty.")}
		}
	}
	if k.CAFile != "" {
		if o.CA, err = readSmall(k.CAFile); err != nil {
			return nil, cannotOpen(k.CAFile, err)
		}
	}
	server, err := influx.Open(o)
	if err != nil || !create {
		return server, err
	}
	if err := server.Prepare(e.ctx); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	e.warnOfTerms(server)
	return server, nil
}

// warnOfTerms tells of a bucket that was there already and is wrong for a ledger:
// once it holds one, nothing can be done about it.
func (e *env) warnOfTerms(server *influx.Ledger) {
	for _, f := range server.Inspect(e.ctx).Findings {
		if f.State == influx.Wrong && (f.Check == influx.KeepsAll || f.Check == influx.OneShard) {
			fmt.Fprintln(e.err, indicator.T("注意：", "Note: ").In(e.lang)+f.Text.In(e.lang))
		}
	}
}

// lookForFile says what is wrong with a file that is to be a ledger already.
func (p place) lookForFile(create bool) error {
	info, err := os.Stat(p.path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && create:
		return nil
	case err != nil:
		return cannotOpen(p.path, err)
	case info.IsDir():
		return inputError{indicator.T(
			p.path+" 是目录。请写出其中的账本文件，例如 sqlite:"+strings.TrimSuffix(p.path, "/")+"/ledger.db。",
			p.path+" is a directory. Name the ledger in it, such as sqlite:"+strings.TrimSuffix(p.path, "/")+"/ledger.db.")}
	case info.Size() == 0 && !create:
		return inputError{indicator.T(p.path+" 是空文件，不是账本。", p.path+" is an empty file, not a ledger.")}
	}
	return nil
}

// same reports whether two places are one. Of two names of one host it knows nothing.
func (p place) same(q place) bool {
	if p.server != nil || q.server != nil {
		return p.server != nil && q.server != nil && p.server.URL == q.server.URL && p.server.Bucket == q.server.Bucket &&
			(p.server.Org == q.server.Org || strings.Contains(p.server.Bucket, "/")) // 1.x has no organisations
	}
	a, err := os.Stat(p.path)
	if err != nil {
		return false
	}
	b, err := os.Stat(q.path)
	return err == nil && os.SameFile(a, b)
}
