package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is one browser tab that notes everything a page must never do.
type tab struct {
	ctx  context.Context
	host string // the only host that may be asked

	mu      sync.Mutex
	trouble []string
}

// newBrowser starts a headless browser, once per test that wants one. Without a
// browser the test is skipped, unless DABIAO_REQUIRE_BROWSER is set.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("DABIAO_REQUIRE_BROWSER") != "" {
			t.Fatal("DABIAO_REQUIRE_BROWSER is set and there is no chromium on the PATH")
		}
		t.Skip("no chromium on the PATH (apt-get install chromium fonts-noto-cjk): the pages are not tried in a browser")
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "zh-CN"))...)
	t.Cleanup(cancel)
	browser, cancelBrowser := chromedp.NewContext(ctx)
	t.Cleanup(cancelBrowser)
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return browser
}

// newTab opens a tab with its own cookies.
func newTab(browser context.Context, t *testing.T, base string) *tab {
	t.Helper()
	address, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	b := &tab{host: address.Host}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.listen))
	t.Cleanup(cancel)
	b.ctx = ctx
	// The first action binds the tab to its context, so it has no time limit of its own.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank"), enable); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	return b
}

var enable = chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
	if _, err := cdp.Call(ctx, target, log.Enable, cdp.Empty{}); err != nil {
		return err
	}
	_, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{})
	return err
})

func (b *tab) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.note("exception: %s", e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			b.note("console %s: %v", e.Type, consoleText(e))
		}
	case *log.EventEntryAdded:
		// Violations of the content security policy arrive here, as errors.
		if e.Entry.Level == "error" || e.Entry.Source == "security" {
			b.note("log %s: %s", e.Entry.Source, e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		address, err := url.Parse(e.Request.URL)
		inside := err == nil && (address.Scheme == "data" || address.Scheme == "about" || address.Host == b.host)
		if !inside {
			b.note("request to another host: %s", e.Request.URL)
		}
	}
}

func consoleText(e *runtime.EventConsoleAPICalled) string {
	var parts []string
	for _, a := range e.Args {
		parts = append(parts, string(a.Value)+a.Description)
	}
	return strings.Join(parts, " ")
}

func (b *tab) note(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trouble = append(b.trouble, fmt.Sprintf(format, args...))
}

// takeTrouble gives what was noted since the last call.
func (b *tab) takeTrouble() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	noted := b.trouble
	b.trouble = nil
	return noted
}

const patience = 2 * time.Minute // for one page on a busy machine

// open loads a page and waits until its fonts and charts are there.
func (b *tab) open(t *testing.T, address string) {
	t.Helper()
	if err := b.do(chromedp.Navigate(address)); err != nil {
		t.Fatalf("open %s: %v", address, err)
	}
	if _, err := evaluate[bool](b, `document.fonts.ready.then(() => true)`); err != nil {
		t.Fatalf("fonts of %s: %v", address, err)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

func evaluate[T any](b *tab, script string) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// media sets what the page is shown on: width in px, and light or dark.
func (b *tab) media(width int64, scheme string) error {
	return b.do(chromedp.EmulateViewport(width, 900),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			return err
		}))
}
