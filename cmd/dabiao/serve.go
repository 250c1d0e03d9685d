package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/dabiao/dabiao/internal/dashboard"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger/influx"
	"github.com/dabiao/dabiao/internal/settings"
	"github.com/dabiao/dabiao/internal/web"
)

type serveCmd struct{}

// Run serves until it is told to stop.
func (serveCmd) Run(e *env) error {
	r, err := e.open()
	if err != nil {
		return err
	}
	defer r.close()
	return e.serve(r, func(address string) { e.say("%s", "%s", address) })
}

// serve listens, says where, and answers until the context ends; then it
// finishes the requests under way.
func (e *env) serve(r *rooms, listening func(address string)) error {
	log := slog.New(slog.NewJSONHandler(e.err, nil))
	handler, err := e.handler(r, log)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(e.ctx)
	var behind sync.WaitGroup // what goes on beside the requests
	defer behind.Wait()
	defer stop()
	behind.Go(func() { r.catchUp(ctx, log) })
	behind.Go(func() { r.snapshots.Watch(ctx) })
	if r.settings.Role != settings.Reader { // which has no drafts
		behind.Go(func() { r.uploads.KeepResuming(ctx, log) })
		behind.Go(func() { r.uploads.KeepPublishing(ctx, log) })
	}
	var config net.ListenConfig
	listener, err := config.Listen(e.ctx, "tcp", e.flags.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", e.flags.Addr, err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute}
	stopped := make(chan error, 1)
	go func() {
		<-e.ctx.Done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), 20*time.Second)
		defer cancel()
		stopped <- server.Shutdown(ctx)
	}()
	listening("http://" + listener.Addr().String())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// catchUp prepares a ledger that could not be reached at the start. Pages are
// served meanwhile. That it cannot be reached is told by whoever reads it; here
// only what somebody has to do, once.
func (r *rooms) catchUp(ctx context.Context, log *slog.Logger) {
	const longest = 30 * time.Second
	server, ok := r.ledger.(*influx.Ledger)
	if !ok || r.unreached == nil {
		return
	}
	told := ""
	for pause := time.Second; ; pause = min(2*pause, longest) {
		err := server.Prepare(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		var refusal *influx.Refusal
		if errors.As(err, &refusal) && refusal.Error() != told {
			told = refusal.Error()
			log.Error("the ledger is not prepared yet", "error", refusal)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// handler records the catalogue first: from here on it is in force. Commands do
// not record theirs, since one may try another configuration.
func (e *env) handler(r *rooms, log *slog.Logger) (http.Handler, error) {
	if err := r.catalogues.record(e.ctx, r.settings.Catalog, e.now()); err != nil {
		return nil, err
	}
	s := r.settings
	return web.New(web.Config{
		Catalog:    func() *indicator.Catalog { return s.Catalog },
		Dashboards: func() []dashboard.Definition { return s.Dashboards },
		Catalogues: r.catalogues,
		Warnings:   &s.Warnings, Acknowledgements: r.store,
		Snapshots: r.snapshots, Uploads: r.uploads, Users: r.store, Sessions: r.store,
		Public: s.Public, Review: s.Review, Reader: s.Role == settings.Reader, MaxUpload: s.Limits.Bytes(),
		TrustedProxies: s.TrustedProxies,
		Ready:          e.readiness(r), Now: e.now, Logger: log, Version: buildVersion(), Charts: r.charts,
	})
}
