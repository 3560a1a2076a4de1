package takhti

import (
	"context"
	"iter"
	"time"
)

// JournalEntry is what one change made of one record, or an act that concerns no
// record, such as a sign-in.
type JournalEntry struct {
	Seq          uint64    `json:"seq" doc:"Its number; the first entry of a register is 1" example:"4711"`
	Time         time.Time `json:"time"`
	Change       string    `json:"change" doc:"The change or the act" example:"assign_device"`
	Account      uint64    `json:"account,omitempty" doc:"The number of the account that did it; absent: nobody was signed in, or it was the operator of the server"`
	By           string    `json:"by,omitempty" doc:"The account's name then; of a failed sign-in, the name that was tried"`
	Via          string    `json:"via,omitempty" doc:"Through what: web, api, cli, card, job" example:"web"`
	Address      string    `json:"address,omitempty" doc:"The network address that it came from"`
	Place        string    `json:"place,omitempty" doc:"The code of the place where the record is, or the act was" example:"PK6-37330250"`
	Record       string    `json:"record,omitempty" doc:"The kind of record; absent for an act" example:"device"`
	RecordNumber uint64    `json:"record_number,omitempty" doc:"The record's number among its kind"`
	About        string    `json:"about,omitempty" doc:"What an act was about"`
	Remark       string    `json:"remark,omitempty" doc:"How it was done, or why not"`
	More         uint64    `json:"more,omitempty" doc:"How many acts like it this entry stands for, when it is not one of its own"`
	Request      string    `json:"request,omitempty" doc:"The request's own name"`
	ErasedBy     uint64    `json:"erased_by,omitempty" doc:"The number of the entry that erased what was personal in this one"`
}

// JournalQuery says which entries are wanted. Empty fields ask for nothing in
// particular.
type JournalQuery struct {
	Who    string // the name of an account, or one that a stranger tried
	What   string // a serial, a fault's reference, a place's code or a shipment's number
	Change string // a change or an act
	Place  string // at the place with this code and below it
	From   Date   // the first day
	Until  Date   // the last day
	Limit  int    // of one page, at most 1000
	Cursor string // Next of the page before
}

// JournalPage reads one page of the journal, the newest entries first. It may be
// shorter than its limit, even empty, and yet not the last: only an empty Next says so.
func (c *Client) JournalPage(ctx context.Context, q JournalQuery) (Page[JournalEntry], error) {
	p := newParameters().text("who", q.Who).text("what", q.What).text("change", q.Change).text("place", q.Place).
		text("from", string(q.From)).text("until", string(q.Until))
	return get[Page[JournalEntry]](ctx, c, "/journal", p.number("limit", q.Limit).text("cursor", q.Cursor).Values)
}

// Journal yields all entries that the query asks for, the newest first.
func (c *Client) Journal(ctx context.Context, q JournalQuery) iter.Seq2[JournalEntry, error] {
	q.Limit = wholePages
	return each(func(cursor string) (Page[JournalEntry], error) {
		q.Cursor = cursor
		return c.JournalPage(ctx, q)
	})
}
