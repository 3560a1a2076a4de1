package takhti

import (
	"context"
	"net/url"
)

// Step is the distance of the days of a trend.
type Step string

// The steps. A trend by month has the last day of each.
const (
	ByDay   Step = "day"
	ByWeek  Step = "week"
	ByMonth Step = "month"
)

// TrendQuery says of what place and of which days a trend is.
type TrendQuery struct {
	Place string // its code; empty: the highest place within the token's scope
	From  Date   // empty: a year before To
	To    Date   // empty: today
	Every Step   // empty: by month
}

func (q TrendQuery) parameters() url.Values {
	return newParameters().text("place", q.Place).text("from", string(q.From)).text("to", string(q.To)).text("every", string(q.Every)).Values
}

// DeviceTrend is how the devices of a place stood at the end of several days.
type DeviceTrend struct {
	Place  string        `json:"place" example:"PK"`
	Points []DevicePoint `json:"points" nullable:"false"`
}

// DevicePoint is the devices at the end of a day, by status.
type DevicePoint struct {
	Date   Date             `json:"date" example:"2026-06-30"`
	Counts map[Status]int64 `json:"counts" doc:"By status; those with no device are left out"`
	Total  int64            `json:"total"`
}

// FaultTrend is how the faults of a place stood at the end of several days.
type FaultTrend struct {
	Place  string       `json:"place" example:"PK"`
	Points []FaultPoint `json:"points" nullable:"false"`
}

// FaultPoint is the faults at the end of a day.
type FaultPoint struct {
	Date     Date  `json:"date" example:"2026-06-30"`
	Open     int64 `json:"open"`
	Reported int64 `json:"reported" doc:"All that were reported up to then"`
}

// DeviceTrend tells how the number of devices of each status went.
func (c *Client) DeviceTrend(ctx context.Context, q TrendQuery) (DeviceTrend, error) {
	return get[DeviceTrend](ctx, c, "/trends/devices", q.parameters())
}

// FaultTrend tells how the number of faults went.
func (c *Client) FaultTrend(ctx context.Context, q TrendQuery) (FaultTrend, error) {
	return get[FaultTrend](ctx, c, "/trends/faults", q.parameters())
}
