package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger/influx"
	"github.com/dabiao/dabiao/internal/ledger/sqlite"
	"github.com/dabiao/dabiao/internal/settings"
)

// connection is what check --connect tells of the ledger.
type connection struct {
	Kind     settings.LedgerKind `json:"kind"`
	Place    string              `json:"place"` // path, or address and bucket
	Product  string              `json:"product,omitempty"`
	Version  string              `json:"version,omitempty"`
	Findings []finding           `json:"findings"`
}

// errConnection ends check --connect after what is wrong was printed.
var errConnection = errors.New("the ledger cannot be used as it is")

func (c connection) err() error {
	for _, f := range c.Findings {
		if f.State == influx.Wrong {
			return errConnection
		}
	}
	return nil
}

// connect tries the ledger of the settings and changes nothing.
func (e *env) connect(s *settings.Settings) (connection, error) {
	if s.Ledger == settings.SQLite {
		return e.tryFile(filepath.Join(e.dataDir(), ledgerFile)), nil
	}
	books, err := influx.Open(e.influxOptions(s.Influx))
	if err != nil {
		return connection{}, err
	}
	defer books.Close()
	in, list := inspect(e.ctx, books, s.Role)
	return connection{s.Ledger, in.URL + " " + in.Bucket, in.Product, in.Version, list}, nil
}

// tryFile opens the file of a SQLite ledger; one that is not there yet is made
// by the first command that needs it.
func (e *env) tryFile(path string) connection {
	f := finding{Check: "file", State: influx.Right, name: indicator.T("文件", "file")}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		f.Message = indicator.T("还没有，首次使用时新建", "not there yet, the first use creates it")
		return connection{Kind: settings.SQLite, Place: path, Findings: []finding{f}}
	}
	books, err := sqlite.Open(e.ctx, path, e.now)
	if err == nil {
		_, err = books.Version(e.ctx)
		err = errors.Join(err, books.Close())
	}
	f.Message = indicator.T("可以打开", "opens")
	if err != nil {
		f.State, f.Message = influx.Wrong, indicator.T("打不开："+err.Error(), "does not open: "+err.Error())
	}
	return connection{Kind: settings.SQLite, Place: path, Findings: []finding{f}}
}

// print shows the findings as a table.
func (c connection) print(e *env) {
	e.say("账本 %s：%s", "Ledger %s: %s", c.Kind, c.Place)
	for _, f := range c.Findings {
		message := strings.ReplaceAll(f.Message.In(e.lang), "\n", "\n    ")
		fmt.Fprintln(e.out, strings.TrimRight("  "+padded(f.name.In(e.lang), 16)+padded(f.State.Name().In(e.lang), 9)+message, " "))
	}
	if c.err() == nil {
		e.say("账本可用。", "The ledger can be used.")
	} else {
		e.say("账本有问题，见上。", "The ledger has trouble, see above.")
	}
}

// padded fills a text with blanks.
func padded(text string, to int) string { return text + strings.Repeat(" ", max(1, to-columns(text))) }
