package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/store"
)

// catalogues is the history of the catalogue: an assessment as of a past day
// uses the targets as they stood on that day.
type catalogues struct{ store *store.Store }

// record notes that c is in force from at on.
func (h catalogues) record(ctx context.Context, c *indicator.Catalog, at time.Time) error {
	content, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("keep the catalogue: %w", err)
	}
	return h.store.RecordCatalog(ctx, c.Hash(), content, at)
}

// ByHash is the catalogue of that hash, false where it was never in force.
func (h catalogues) ByHash(ctx context.Context, hash string) (*indicator.Catalog, bool, error) {
	content, err := h.store.CatalogByHash(ctx, hash)
	if errors.Is(err, store.ErrNoCatalog) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	c, err := restore(hash, content)
	return c, err == nil, err
}

// At is the catalogue that was in force at a moment; before the first one kept,
// that first one. Where no server ever ran it is a store.ErrNoCatalog.
func (h catalogues) At(ctx context.Context, moment time.Time) (*indicator.Catalog, error) {
	hash, content, err := h.store.CatalogAt(ctx, moment)
	if err != nil {
		return nil, err
	}
	return restore(hash, content)
}

func restore(hash string, content []byte) (*indicator.Catalog, error) {
	var c indicator.Catalog
	if err := json.Unmarshal(content, &c); err != nil {
		return nil, fmt.Errorf("the kept catalogue %s: %w", hash, err)
	}
	c.Index()
	if c.Hash() != hash {
		return nil, fmt.Errorf("the kept catalogue %s does not have that hash any more but %s", hash, c.Hash())
	}
	return &c, nil
}
