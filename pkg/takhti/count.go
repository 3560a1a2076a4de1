package takhti

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
)

// Dimension is what counts are broken down by.
type Dimension string

// The dimensions. Shipments can be combined with place and status only.
const (
	ByStatus    Dimension = "status"
	ByCondition Dimension = "condition"
	ByModel     Dimension = "model"
	ByShipment  Dimension = "shipment"
	ByPlace     Dimension = "place" // the places directly below the one asked for
)

// Counts are numbers of devices.
type Counts struct {
	Place string     `json:"place" doc:"The code of the place" example:"PK"`
	AsOf  Date       `json:"as_of" doc:"The numbers at the end of this day; for today, now" example:"2026-06-30"`
	Rows  []CountRow `json:"rows" nullable:"false"`
	Total int64      `json:"total" doc:"The sum of all rows" example:"123"`

	Targets []TargetCount `json:"targets,omitempty" nullable:"false" doc:"The targets of the place as they are now, the earliest first; absent when it has none"`

	ETag string `json:"-"` // give it as CountQuery.ETag to be told only of a change
}

// CountRow is one number, with the values of the dimensions that were asked for.
type CountRow struct {
	Place     string    `json:"place,omitempty" doc:"With by=place: a place directly below, or the place itself for devices directly at it" example:"PK6"`
	PlaceName string    `json:"place_name,omitempty" example:"Punjab"`
	Shipment  string    `json:"shipment,omitempty"`
	Status    Status    `json:"status,omitempty"`
	Condition Condition `json:"condition,omitempty"`
	Model     string    `json:"model,omitempty" doc:"Empty for devices whose model is not known"`
	Count     int64     `json:"count" example:"123"`
}

// TargetCount is how many devices a place is to have in all by a day, and what it has.
type TargetCount struct {
	By        Date  `json:"by" example:"2026-06-30"`
	Devices   int64 `json:"devices" example:"40"`
	Delivered int64 `json:"delivered" doc:"Devices that came and are there: in a store, at a school, issued or in repair" example:"25"`
	Missing   int64 `json:"missing" example:"15"`
}

// CountQuery says what is to be counted.
type CountQuery struct {
	Place string      // its code; empty: the highest place within the token's scope
	By    []Dimension // empty: by status
	AsOf  Date        // empty: now
	ETag  string      // of counts that the caller has: see ErrNotModified
}

// ErrNotModified says that the counts are still those with the ETag of the query.
var ErrNotModified = errors.New("the counts have not changed")

// Counts counts the devices at a place and below it.
func (c *Client) Counts(ctx context.Context, q CountQuery) (Counts, error) {
	by := make([]string, len(q.By))
	for i, d := range q.By {
		by[i] = string(d)
	}
	p := newParameters().text("place", q.Place).text("by", strings.Join(by, ",")).text("as_of", string(q.AsOf))
	query := call{method: http.MethodGet, path: "/counts", query: p.Values}
	if q.ETag != "" {
		query.header = http.Header{"If-None-Match": {q.ETag}}
	}
	resp, err := c.send(ctx, query)
	var answer *Error
	switch {
	case errors.As(err, &answer) && answer.Status == http.StatusNotModified:
		return Counts{}, ErrNotModified
	case err != nil:
		return Counts{}, err
	}
	defer resp.Body.Close()
	counts := Counts{ETag: resp.Header.Get("ETag")}
	err = json.NewDecoder(resp.Body).Decode(&counts)
	return counts, err
}

// FaultCounts are numbers of faults.
type FaultCounts struct {
	Place string          `json:"place" example:"PK"`
	Rows  []FaultCountRow `json:"rows" nullable:"false"`
	Open  int64           `json:"open" doc:"Those that still wait for something"`
	Total int64           `json:"total"`
}

// FaultCountRow is a number of faults of one category and state.
type FaultCountRow struct {
	Category FaultCategory `json:"category"`
	State    FaultState    `json:"state"`
	Count    int64         `json:"count"`
}

// FaultCounts counts the faults at a place and below it.
func (c *Client) FaultCounts(ctx context.Context, place string) (FaultCounts, error) {
	return get[FaultCounts](ctx, c, "/counts/faults", newParameters().text("place", place).Values)
}
