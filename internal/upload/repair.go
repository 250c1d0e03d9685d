package upload

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
)

// Repair is what was found damaged in the ledger and what became of it.
type Repair struct {
	Before  ledger.Digest // as it was found
	After   ledger.Digest // as it is now
	Uploads []RepairedUpload
}

// RepairedUpload is one damaged upload, by ascending seq.
type RepairedUpload struct {
	ID       string
	Damage   []ledger.DamageError // as it was found
	GaveBack bool                 // its rows were sent again
	WhyNot   indicator.Text       // what stood in the way and what helps; empty where all is well now
}

// Repair looks for uploads of which the ledger does not hold what they say, and
// sends their rows again, with the seq they have, from the drafts kept here.
// Nothing is published by it: version and history stay as they are. One upload's
// trouble does not stop the others; a ledger that cannot be reached does.
func (s *Service) Repair(ctx context.Context, progress ledger.Progress) (Repair, error) {
	var r Repair
	var err error
	if r.Before, err = ledger.Hash(ctx, s.Ledger, progress); err != nil {
		return r, ledgerTrouble(err)
	}
	r.After = r.Before
	if len(r.Before.Damage) == 0 {
		return r, nil
	}
	if r.Uploads, err = s.giveBackAll(ctx, byUpload(r.Before.Damage)); err != nil {
		return r, err
	}
	s.Snapshots.Refresh()
	if r.After, err = ledger.Hash(ctx, s.Ledger, progress); err != nil {
		return r, ledgerTrouble(err)
	}
	still := byUpload(r.After.Damage)
	for i, u := range r.Uploads {
		if damage := still[u.ID]; u.GaveBack && len(damage) > 0 {
			r.Uploads[i].WhyNot = stillDamaged(damage[0])
		}
	}
	return r, nil
}

func byUpload(damage []ledger.DamageError) map[string][]ledger.DamageError {
	list := map[string][]ledger.DamageError{}
	for _, d := range damage {
		list[d.Upload] = append(list[d.Upload], d)
	}
	return list
}

func (s *Service) giveBackAll(ctx context.Context, damage map[string][]ledger.DamageError) ([]RepairedUpload, error) {
	history, err := s.Ledger.History(ctx)
	if err != nil {
		return nil, ledgerTrouble(err)
	}
	drafts, err := s.Drafts.Uploads(ctx)
	if err != nil {
		return nil, err
	}
	var list []RepairedUpload
	for _, pub := range history.Publications {
		if len(damage[pub.ID]) == 0 {
			continue
		}
		u := RepairedUpload{ID: pub.ID, Damage: damage[pub.ID]}
		if u.WhyNot, err = s.giveBack(ctx, pub, drafts); err != nil {
			return list, err
		}
		u.GaveBack = u.WhyNot.IsZero()
		list = append(list, u)
	}
	return list, nil
}

// giveBack sends the rows of a publication again, or says why it cannot. Any
// upload that is kept here will do if it holds the same.
func (s *Service) giveBack(ctx context.Context, pub ledger.Publication, drafts []Upload) (whyNot indicator.Text, err error) {
	i := slices.IndexFunc(drafts, func(u Upload) bool { return u.ContentSHA == pub.SHA })
	if i < 0 {
		return noDraft(pub), nil
	}
	contents, err := s.Drafts.UploadContents(ctx, drafts[i].ID)
	if err != nil {
		return whyNot, err
	}
	err = s.Ledger.Restore(ctx, pub, readings(contents.Cells))
	if errors.Is(err, ledger.ErrInvalid) {
		return refusedBack(pub, err), nil
	}
	if err != nil {
		return whyNot, ledgerTrouble(err)
	}
	return whyNot, nil
}

// The ways out where the draft is not here.
func otherWays(id string) indicator.Text {
	return indicator.T(
		fmt.Sprintf("还可以用 dabiao copy 从另一个完好的账本补回，或撤回该批次（dabiao revert %s）后重新发布。", id),
		fmt.Sprintf("Or give them back from another ledger by dabiao copy, or revert the upload (dabiao revert %s) and publish it again.", id))
}

func noDraft(pub ledger.Publication) indicator.Text {
	const instances = 64 // see ledger.Seq
	others := otherWays(pub.ID)
	return indicator.T(
		fmt.Sprintf("这个数据目录里没有它的草稿：它由 %s 在实例 %d 发布。请在那里的数据目录上运行 dabiao check --repair。", pub.Uploader, pub.Seq%instances)+others.ZH,
		fmt.Sprintf("Its draft is not in this data directory: %s published it on instance %d. Run dabiao check --repair on the data directory there. ", pub.Uploader, pub.Seq%instances)+others.EN)
}

func refusedBack(pub ledger.Publication, err error) indicator.Text {
	others := otherWays(pub.ID)
	return indicator.T(
		"账本不接受这里保存的数据（"+err.Error()+"）。"+others.ZH,
		"The ledger does not take the readings kept here ("+err.Error()+"). "+others.EN)
}

func stillDamaged(damage ledger.DamageError) indicator.Text {
	what := damage.What()
	return indicator.T(
		"已重新写入，但仍不相符："+what.ZH+"。请检查账本的存储；或撤回该批次后重新发布。",
		"The rows were sent again, but it still does not add up: "+what.EN+". Look at the store of the ledger; or revert the upload and publish it again.")
}
