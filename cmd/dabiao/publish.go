package main

import (
	"encoding/json"
	"time"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/upload"
)

type publishCmd struct {
	ID         string `arg:"" help:"${upload_id}"`
	At         string `placeholder:"TIME" help:"${publish_at}" xor:"when"`
	Unschedule bool   `help:"${unschedule}" xor:"when"`
	actor
}

// Run publishes a submitted upload, approves it for a later moment, or takes such
// an approval back.
func (c *publishCmd) Run(e *env) error {
	var at time.Time
	if c.At != "" {
		var err error
		if at, err = indicator.ParseMoment(c.At); err != nil {
			return wrongFlag("--at", c.At, "2026-12-01T09:00")
		}
	}
	return c.act(e, func(r *rooms, user account.User) (upload.Upload, error) {
		switch {
		case c.Unschedule:
			return r.uploads.Unschedule(e.ctx, user, c.ID)
		case c.At != "":
			return r.uploads.Schedule(e.ctx, user, c.ID, at)
		}
		return r.uploads.Publish(e.ctx, user, c.ID)
	})
}

type revertCmd struct {
	ID     string `arg:"" help:"${upload_id}"`
	Reason string `placeholder:"TEXT" help:"${revert_reason}"`
	actor
}

// Run takes a published upload back.
func (c *revertCmd) Run(e *env) error {
	return c.act(e, func(r *rooms, user account.User) (upload.Upload, error) {
		return r.uploads.Revert(e.ctx, user, c.ID, c.Reason)
	})
}

// act does one step on an upload and says where it stands now.
func (a actor) act(e *env, step func(*rooms, account.User) (upload.Upload, error)) error {
	user, err := a.user()
	if err != nil {
		return err
	}
	r, err := e.open()
	if err != nil {
		return err
	}
	defer r.close()
	u, err := step(r, user)
	if err != nil {
		return err
	}
	pending := u.State == upload.Publishing
	switch {
	case e.flags.JSON:
		answer := map[string]string{"id": u.ID, "state": string(u.State)}
		if u.Scheduled() {
			answer["publish_at"] = u.PublishAt.In(indicator.Shanghai).Format(time.RFC3339)
		}
		err = json.NewEncoder(e.out).Encode(answer)
	case u.Scheduled():
		e.say("%s：%s\n到时由运行中的服务器（dabiao serve）发布；服务器当时没有运行，则在下次启动时发布。",
			"%s: %s\nA running server (dabiao serve) publishes it then; one that was not running does so when it starts.", u.Standing().In(e.lang), u.ID)
	case pending:
		e.sayPending(u.ID)
	default:
		e.say("%s：%s", "%s: %s", u.State.Name().In(e.lang), u.ID)
	}
	if err == nil && pending {
		err = errUnfinished
	}
	return err
}

func (e *env) sayPending(id string) {
	e.say("发布中：%s\n账本尚未确认。服务器运行时会自动完成，也可以稍后再次运行 dabiao publish %s，不会重复发布。",
		"publishing: %s\nThe ledger has not confirmed it yet. A running server finishes it by itself; or run dabiao publish %s again later: it is never published twice.", id, id)
}
