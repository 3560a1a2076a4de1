package takhti

import (
	"context"
	"net/http"
)

// Undo is what undoing an import would do, or did.
type Undo struct {
	Digest string `json:"digest" doc:"What stands for the plan: give it to undo the import, so that what was shown is what is done"`
	UndoTally
	Kept []UndoKept `json:"kept" nullable:"false" doc:"What stays as it is, the first thousand"`
}

// UndoTally counts what undoing an import makes of what it did.
type UndoTally struct {
	Deleted   int `json:"deleted" doc:"Devices, places, shipments and models that the import had made"`
	Restored  int `json:"restored" doc:"What it had changed, put back as it was before"`
	KeptCount int `json:"kept_count" doc:"What stays, since something later stands on it"`
}

// UndoKept is one thing that undoing an import leaves as it is.
type UndoKept struct {
	Subject string `json:"subject" doc:"A serial, the code of a place, the number of a shipment or a model's name" example:"5CD3160ABC"`
	Code    string `json:"code" example:"undo.later"`
	Message string `json:"message" example:"it was received by officer.lahore on 2026-06-03"`
}

// UndoOrder says which plan of undoing an import is to be carried out.
type UndoOrder struct {
	Digest string `json:"digest" doc:"Of the plan that was shown"`
}

// PlanUndo tells what undoing an import would do. Nothing is done before
// [Client.UndoImport].
func (c *Client) PlanUndo(ctx context.Context, id string) (Undo, error) {
	return get[Undo](ctx, c, at("imports", id, "undo"), nil)
}

// UndoImport undoes an import as it was shown, and waits until that is done.
func (c *Client) UndoImport(ctx context.Context, id, digest string) (Import, error) {
	return c.FollowUndo(ctx, id, digest, func(Import) {})
}

// FollowUndo is [Client.UndoImport], and tells now and then how far the server has
// come.
func (c *Client) FollowUndo(ctx context.Context, id, digest string, watch func(Import)) (Import, error) {
	content, err := bodyOf(UndoOrder{Digest: digest})
	if err != nil {
		return Import{}, err
	}
	return c.follow(ctx, call{method: http.MethodPost, path: at("imports", id, "undo"), body: content}, watch)
}
