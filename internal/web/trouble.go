package web

import (
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/snapshot"
)

// headerNotice tells programs that an answer may not be of the ledger's newest version.
const headerNotice = "Dabiao-Notice"

// markStale sets the header on an answer that is made from a last good snapshot.
func markStale(c echo.Context, stale []snapshot.Trouble) {
	if len(stale) == 0 {
		return
	}
	since, reason := stale[0].Since, "unreachable"
	if stale[0].Damage != nil {
		reason = "damage"
	}
	for _, t := range stale {
		if t.Since.Before(since) {
			since = t.Since
		}
	}
	c.Response().Header().Set(headerNotice, "stale; since="+since.In(indicator.Shanghai).Format(time.RFC3339)+"; reason="+reason)
}

// staleNotices say at the head of a page why its figures may not be the newest,
// and of when they are.
func staleNotices(stale []snapshot.Trouble, shown ledger.Version, catalog *indicator.Catalog, lang indicator.Lang) []noticeView {
	of := clock(shown.Time())
	var list []noticeView
	for _, t := range stale {
		text := t.Text()
		if t.Damage != nil {
			name := indicator.T(" "+t.Damage.Indicator+" ", t.Damage.Indicator)
			if i := catalog.Indicator(t.Damage.Indicator); i != nil {
				name = indicator.T("“"+i.Name.ZH+"”", i.Name.EN)
			}
			text = t.Damage.Naming(name)
		}
		if shown != 0 {
			text.ZH += "以下为 " + of + " 时的数据，此后发布和撤回的尚未反映。"
			text.EN += " What follows are the figures of " + of + "; what was published or reverted later is not shown yet."
		}
		list = append(list, noticeView{"stale", text.In(lang)})
	}
	return list
}

// addStaleNotices puts them on a page that is no View, and that is there also
// before anything was read of the ledger.
func (s *Server) addStaleNotices(c echo.Context, p *page) {
	snap, stale, err := s.config.Snapshots.Served(c.Request().Context(), time.Time{}, 0)
	if err != nil {
		p.Notices = append(p.Notices, noticeView{"stale", indicator.T(
			"数据账本暂时无法访问：只显示保存在本服务器上的批次。系统会自动重试，无需操作。",
			"The ledger of readings cannot be reached: only the uploads that are kept on this server are shown. It is tried again by itself; there is nothing to do.").In(p.Lang)})
		return
	}
	p.Notices = append(p.Notices, staleNotices(stale, snap.Version(), s.config.Catalog(), p.Lang)...)
}

// watch writes one line when a trouble begins and one when it is over, however
// many requests run into it, and counts what is loaded.
func (s *Server) watch() snapshot.Observer {
	return snapshot.Observer{
		Began: func(t snapshot.Trouble) {
			if t.Damage == nil {
				s.log.Error("the ledger cannot be reached: pages show the last good readings, if there are any", "error", t.Err)
				return
			}
			s.log.Error("the ledger does not add up", damageAttributes(t.Damage)...)
		},
		Over: func(t snapshot.Trouble) {
			lasted := time.Since(t.Since).Round(time.Millisecond).String()
			if t.Damage == nil {
				s.log.Info("the ledger can be reached again", "lasted", lasted)
				return
			}
			s.log.Info("the ledger adds up again", append(damageAttributes(t.Damage), "lasted", lasted)...)
		},
		Loaded: s.metrics.loaded,
	}
}

func damageAttributes(d *snapshot.DamageError) []any {
	return []any{"upload", d.Upload, "indicator", d.Indicator, "freq", d.Freq, "rows_said", d.Said, "rows_came", d.Came,
		"checksum_differs", d.Said == d.Came}
}
