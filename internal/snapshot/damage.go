package snapshot

import "github.com/dabiao/dabiao/internal/ledger"

// DamageError is the ledger's: nothing of a column that does not add up is shown.
type DamageError = ledger.DamageError
