package takhti

import (
	"context"
	"iter"
	"time"
)

// StockTake is a count of a place on a day: what was found there, compared with what
// the register had there when it was recorded. A count changes no device.
type StockTake struct {
	Place      string    `json:"place" doc:"The code of the place" example:"PK6-37330250"`
	Date       Date      `json:"date" doc:"The day of the count" example:"2026-06-15"`
	By         string    `json:"by"`
	Time       time.Time `json:"time" doc:"When it was recorded"`
	Found      int       `json:"found" doc:"Devices that are where the register has them" example:"38"`
	Missing    int       `json:"missing" doc:"Devices that the register has there, and that were not found" example:"2"`
	Unexpected int       `json:"unexpected" doc:"Devices that are not in the register, as far as you see it"`
	Misplaced  int       `json:"misplaced" doc:"Devices that the register has elsewhere, or as lost, retired or on their way"`

	Lines []StockLine `json:"lines,omitempty" nullable:"false" doc:"Of one count: each device that differs"`
}

// StockLine is one device of a count that differs from the register.
type StockLine struct {
	Serial string `json:"serial" example:"5CD3160ABC"`
	What   string `json:"what" enum:"missing,misplaced,unexpected"`
	Place  string `json:"place,omitempty" doc:"Of a misplaced device: the code of the place where the register had it" example:"PK601-STORE"`
	Status Status `json:"status,omitempty" doc:"and as what"`
}

// StockTakes yields the counts of a place and of all that is below it, in the order of
// the tree, of each place the newest first.
func (c *Client) StockTakes(ctx context.Context, place string) iter.Seq2[StockTake, error] {
	return each(func(cursor string) (Page[StockTake], error) {
		return c.StockTakePage(ctx, place, "", wholePages, cursor)
	})
}

// StockTakePage reads one page of the counts of a place and of all that is below it or,
// with a day, the place's own count of that day with its lines.
func (c *Client) StockTakePage(ctx context.Context, place string, day Date, limit int, cursor string) (Page[StockTake], error) {
	p := newParameters().text("date", string(day)).number("limit", limit).text("cursor", cursor)
	return get[Page[StockTake]](ctx, c, at("places", place, "stock-takes"), p.Values)
}

// StockTake reads the count of a place on a day, with each device that differs.
func (c *Client) StockTake(ctx context.Context, place string, day Date) (StockTake, error) {
	page, err := c.StockTakePage(ctx, place, day, 1, "")
	if err != nil || len(page.Items) == 0 {
		return StockTake{}, err
	}
	return page.Items[0], nil
}
