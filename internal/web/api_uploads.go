package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/dabiao/dabiao/internal/account"
	"github.com/dabiao/dabiao/internal/indicator"
	"github.com/dabiao/dabiao/internal/ledger"
	"github.com/dabiao/dabiao/internal/upload"
)

// apiUploadItem is an upload as the asker may see it.
type apiUploadItem struct {
	ID          string           `json:"id"`
	State       upload.State     `json:"state"`
	Authors     []string         `json:"authors"`
	File        string           `json:"file"`
	FileSHA     string           `json:"file_sha256"`
	ContentSHA  string           `json:"content_sha256"`
	Source      string           `json:"source"`
	Stage       string           `json:"stage"`
	Reason      string           `json:"reason"`
	Explanation string           `json:"explanation"`
	Generated   bool             `json:"generated"`
	Released    *string          `json:"released"`
	PublishAt   *string          `json:"publish_at"`
	Indicators  []string         `json:"indicators"`
	Regions     []string         `json:"regions"`
	Rows        int              `json:"rows"`
	Faulty      bool             `json:"faulty"`
	Created     *string          `json:"created"`
	Changed     *string          `json:"changed"`
	PublishedAt *ledger.Version  `json:"published_version"`
	RevertedAt  *ledger.Version  `json:"reverted_version"`
	Events      []upload.Event   `json:"events"`
	Allowed     []account.Action `json:"allowed"`
}

func (s *Server) newUploadItem(u upload.Upload, user account.User) apiUploadItem {
	item := apiUploadItem{
		ID: u.ID, State: u.State, Authors: orEmpty(u.Authors), File: u.File, FileSHA: u.FileSHA, ContentSHA: u.ContentSHA,
		Source: u.Source, Stage: u.Stage, Reason: u.Reason, Explanation: u.Explanation, Generated: u.Generated, Released: apiTime(u.Released), PublishAt: apiTime(u.PublishAt),
		Indicators: orEmpty(u.Indicators), Regions: orEmpty(u.Regions), Rows: u.Rows, Faulty: u.Faulty,
		Created: apiTime(u.Created), Changed: apiTime(u.Changed), Events: orEmpty(u.Events), Allowed: []account.Action{},
	}
	if u.At != 0 {
		item.PublishedAt = &u.At
	}
	if u.RevertedAt != 0 {
		item.RevertedAt = &u.RevertedAt
	}
	for _, action := range uploadActions {
		if s.config.Uploads.Allows(user, u, action) {
			item.Allowed = append(item.Allowed, action)
		}
	}
	return item
}

// uploadActions are the steps that the API offers, by the name of their address.
var uploadActions = []account.Action{account.Submit, account.Publish, account.Reject, account.Revert}

// uploadStamp is that of answers about uploads, which are always of now.
func (s *Server) uploadStamp(c echo.Context) (stamp, error) {
	m, err := s.momentOf(c)
	if err != nil {
		return stamp{}, err
	}
	return m.stamp(c), nil
}

func (s *Server) apiUploads(c echo.Context) error {
	q, err := readQuery(c, "state", "indicator", "region", "author", "limit")
	if err != nil {
		return err
	}
	var states []string
	for _, state := range upload.States {
		states = append(states, string(state))
	}
	catalog := s.config.Catalog()
	filter := upload.Filter{Author: q.one("author"), Limit: q.limit(),
		Indicator: q.only("indicator", q.indicators(catalog)),
		Region:    q.only("region", q.regions("region", catalog))}
	for _, state := range q.choices("state", states...) {
		filter.States = append(filter.States, upload.State(state))
	}
	if err := q.err(); err != nil {
		return err
	}
	made, err := s.uploadStamp(c)
	if err != nil {
		return err
	}
	user := userOf(c)
	found, err := s.config.Uploads.List(c.Request().Context(), user, filter)
	if err != nil {
		return err
	}
	items := make([]apiUploadItem, len(found))
	for i, u := range found {
		items[i] = s.newUploadItem(u, user)
	}
	return c.JSON(http.StatusOK, listAnswer[apiUploadItem]{items, made})
}

func (s *Server) apiUpload(c echo.Context) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	u, err := s.config.Uploads.Get(c.Request().Context(), userOf(c), param(c, "id"))
	if err != nil {
		return err
	}
	return s.answerUpload(c, u)
}

func (s *Server) answerUpload(c echo.Context, u upload.Upload) error {
	made, err := s.uploadStamp(c)
	if err != nil {
		return err
	}
	return c.JSON(uploadStatus(u), itemAnswer[apiUploadItem]{s.newUploadItem(u, userOf(c)), made})
}

// apiProblems lists what is wrong with an upload, for those who may see drafts.
func (s *Server) apiProblems(c echo.Context) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	ctx, user := c.Request().Context(), userOf(c)
	u, err := s.config.Uploads.Get(ctx, user, param(c, "id"))
	if err != nil {
		return err
	}
	if !s.rules().May(user, account.SeeDraft, account.Matter{Regions: u.Regions, Authors: u.Authors}) {
		return forbidden(indicator.T(
			"审核提示只供报送人和审核人查看。", "The problems of an upload are for its authors and reviewers only."))
	}
	contents, err := s.config.Uploads.Contents(ctx, user, u.ID)
	if err != nil {
		return err
	}
	made, err := s.uploadStamp(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listAnswer[indicator.Problem]{orEmpty(contents.Problems), made})
}

// diffAnswer counts the kinds beside the list.
type diffAnswer struct {
	Counts map[upload.ChangeKind]int `json:"counts"`
	listAnswer[upload.AnswerChange]
}

func (s *Server) apiDiff(c echo.Context) error {
	id, err := s.soundUpload(c)
	if err != nil {
		return err
	}
	diff, err := s.config.Uploads.Diff(c.Request().Context(), userOf(c), id)
	if err != nil {
		return err
	}
	made, err := s.uploadStamp(c)
	if err != nil {
		return err
	}
	a := diff.Answer(s.config.Catalog())
	return c.JSON(http.StatusOK, diffAnswer{a.Counts, listAnswer[upload.AnswerChange]{a.Changes, made}})
}

// soundUpload is the id of an upload that can be held against what is published.
func (s *Server) soundUpload(c echo.Context) (string, error) {
	if _, err := readQuery(c); err != nil {
		return "", err
	}
	u, err := s.config.Uploads.Get(c.Request().Context(), userOf(c), param(c, "id"))
	if err != nil {
		return "", err
	}
	if u.Faulty {
		return "", &failure{kind: kindConflict, code: "faulty", text: indicator.T(
			"文件有错误，无法比较。请先修改。", "The file has errors and cannot be compared. Mend it first.")}
	}
	return u.ID, nil
}

func (s *Server) apiFlips(c echo.Context) error {
	id, err := s.soundUpload(c)
	if err != nil {
		return err
	}
	flips, err := s.config.Uploads.Flips(c.Request().Context(), userOf(c), id)
	if err != nil {
		return err
	}
	made, err := s.uploadStamp(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listAnswer[upload.AnswerFlip]{orEmpty(upload.AnswerFlips(flips)), made})
}

// apiFile is uploadFile for programs.
func (s *Server) apiFile(c echo.Context) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	return s.uploadFile(c)
}

// apiStep takes one step with an upload and answers it as it stands then. said
// is what the body may say, nil: nothing.
func (s *Server) apiStep(c echo.Context, said any, step func(user account.User, id string) (upload.Upload, error)) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	if said == nil {
		said = &struct{}{}
	}
	if err := readJSON(c, said, true); err != nil {
		return err
	}
	u, err := step(userOf(c), param(c, "id"))
	if err != nil {
		return err
	}
	return s.answerUpload(c, u)
}

func (s *Server) apiSubmit(c echo.Context) error {
	return s.apiStep(c, nil, func(user account.User, id string) (upload.Upload, error) {
		return s.config.Uploads.Submit(c.Request().Context(), user, id)
	})
}

func (s *Server) apiReject(c echo.Context) error {
	var said struct {
		Comment string `json:"comment"`
	}
	return s.apiStep(c, &said, func(user account.User, id string) (upload.Upload, error) {
		return s.config.Uploads.Reject(c.Request().Context(), user, id, said.Comment)
	})
}

func (s *Server) apiRevert(c echo.Context) error {
	var said struct {
		Reason string `json:"reason"`
	}
	return s.apiStep(c, &said, func(user account.User, id string) (upload.Upload, error) {
		return s.config.Uploads.Revert(c.Request().Context(), user, id, said.Reason)
	})
}

// uploadHref is the address of an upload in the API.
func uploadHref(id string) string { return apiPrefix + "/uploads/" + url.PathEscape(id) }
