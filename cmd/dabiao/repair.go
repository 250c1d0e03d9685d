package main

import (
	"encoding/json"
	"fmt"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/upload"
)

// repair gives back what the ledger has lost, from the drafts of this data
// directory. It ends well when everything adds up afterwards.
func (e *env) repair() error {
	s, err := e.loadOrRefuse()
	if err != nil {
		return err
	}
	if err := e.needData(s); err != nil {
		return err
	}
	if !hasData(e.dataDir()) { // where no draft can be; a wrong --data-dir makes no directory
		return inputError{indicator.T(
			"没有数据目录 "+e.dataDir()+"。请用 --data-dir DIR 指定存有草稿的那一个。",
			"There is no data directory "+e.dataDir()+". Name the one that has the drafts: --data-dir DIR.")}
	}
	r, err := e.wire(s, e.dataDir(), false)
	if err != nil {
		return err
	}
	defer r.close()
	progress := newBar(e)
	repair, err := r.uploads.Repair(e.ctx, progress.tell)
	progress.end()
	if err != nil {
		return err
	}
	if e.flags.JSON {
		if err := e.printRepairJSON(repair); err != nil {
			return err
		}
	} else {
		e.printRepair(repair)
	}
	if len(repair.After.Damage) > 0 {
		return errFaults
	}
	return nil
}

func (e *env) printRepair(r upload.Repair) {
	failed := 0
	for _, u := range r.Uploads {
		for _, d := range u.Damage {
			fmt.Fprintln(e.out, d.What().In(e.lang))
		}
		if u.WhyNot.IsZero() {
			e.say("  已补回。", "  Given back.")
			continue
		}
		failed++
		e.say("  未能补回。%s", "  Not given back. %s", u.WhyNot.In(e.lang))
	}
	if len(r.Uploads) > 0 {
		e.say("损坏的批次 %d 个：已补回 %d 个，未能补回 %d 个。", "Damaged uploads: %d, given back: %d, not: %d.",
			len(r.Uploads), len(r.Uploads)-failed, failed)
	}
	if len(r.After.Damage) == 0 {
		e.say("账本数据相符：%[1]s 个批次，%[2]s 条数据（全部数据版本）。", "The ledger adds up: %[3]s, %[4]s in all vintages.",
			grouped(r.After.Uploads), grouped(r.After.Readings), indicator.Plural(r.After.Uploads, "upload", "uploads"), readingsEN(r.After.Readings))
	}
}

func (e *env) printRepairJSON(r upload.Repair) error {
	type item struct {
		Upload   string               `json:"upload"`
		Damage   []ledger.DamageError `json:"damage"`
		Repaired bool                 `json:"repaired"`
		WhyNot   *indicator.Text      `json:"why_not"`
	}
	items := make([]item, len(r.Uploads))
	for i, u := range r.Uploads {
		items[i] = item{Upload: u.ID, Damage: u.Damage, Repaired: u.WhyNot.IsZero()}
		if !u.WhyNot.IsZero() {
			items[i].WhyNot = &r.Uploads[i].WhyNot
		}
	}
	return json.NewEncoder(e.out).Encode(map[string]any{"damaged": items, "ledger": r.After})
}
