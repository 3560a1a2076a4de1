package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) countRoutes() {
	spec := add(a, operation{
		Route: Route{http.MethodGet, "/counts", fleet.Read},
		id:    "count-devices", summary: "Numbers of devices at a place and below it",
		about: "Send the ETag of an earlier answer as If-None-Match to get 304 while the numbers are the same.",
		sdk:   `n, err := c.Counts(ctx, takhti.CountQuery{Place: "PK6", By: []takhti.Dimension{takhti.ByPlace, takhti.ByStatus}})`,
	}, a.countDevices)
	// The answer is bytes to huma, which are made once for many requests.
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[takhti.Counts](), true, "Counts")
	spec.Responses["200"].Content = map[string]*huma.MediaType{"application/json": {Schema: schema}}
	spec.Responses["304"] = &huma.Response{Description: "The numbers are the same"}

	add(a, operation{
		Route: Route{http.MethodGet, "/counts/faults", fleet.Read},
		id:    "count-faults", summary: "Numbers of faults at a place and below it, by category and state",
		sdk: `n, err := c.FaultCounts(ctx, "PK6")`,
	}, a.countFaults)
}

type (
	countsIn struct {
		Place     string      `query:"place" doc:"The code of the place; otherwise your home" example:"PK6"`
		By        string      `query:"by" default:"status" maxLength:"60" doc:"What to count by, separated by commas: place (those directly below), status, condition, model, shipment" example:"place,status"`
		AsOf      takhti.Date `query:"as_of" doc:"The numbers at the end of that day; otherwise now"`
		NoneMatch string      `header:"If-None-Match" doc:"The ETag of an answer that you have"`
	}
	countsOut struct {
		Status       int
		ContentType  string `header:"Content-Type" hidden:"true"`
		CacheControl string `header:"Cache-Control" hidden:"true"`
		ETag         string `header:"ETag"`
		Body         []byte
	}
)

func (a *api) countDevices(ctx context.Context, in *countsIn) (*countsOut, error) {
	counts, err := a.count(ctx, in)
	if err != nil {
		return nil, err
	}
	body, err := a.counts.of(counts)
	if err != nil {
		return nil, err
	}
	// Who may see the numbers depends on who asks, so only the client may keep them.
	out := &countsOut{Status: http.StatusOK, ContentType: "application/json", CacheControl: "private, no-cache", ETag: body.etag, Body: body.json}
	if matches(in.NoneMatch, body.etag) {
		out.Status, out.Body = http.StatusNotModified, nil
	}
	return out, nil
}

func (a *api) count(ctx context.Context, in *countsIn) (*registry.Counts, error) {
	s := a.session(ctx)
	place, err := placeOr(ctx, s, in.Place)
	if err != nil {
		return nil, err
	}
	q := registry.CountQuery{Place: place.Code}
	if q.By, err = registry.ParseDimensions(in.By); err != nil {
		return nil, err
	}
	if q.AsOf, err = dateOr(in.AsOf, 0); err != nil {
		return nil, err
	}
	return s.Counts(ctx, q)
}

// countRow is a [takhti.CountRow] that has the keys of the dimensions that were
// asked for, whatever their values, and no others.
type countRow struct {
	Place     *string           `json:"place,omitempty"`
	PlaceName *string           `json:"place_name,omitempty"`
	Shipment  *string           `json:"shipment,omitempty"`
	Status    *takhti.Status    `json:"status,omitempty"`
	Condition *takhti.Condition `json:"condition,omitempty"`
	Model     *string           `json:"model,omitempty"`
	Count     int64             `json:"count"`
}

func countsJSON(c *registry.Counts) ([]byte, error) {
	rows := make([]countRow, 0, len(c.Rows))
	for i := range c.Rows {
		rows = append(rows, countRowOf(c, &c.Rows[i]))
	}
	return json.Marshal(struct {
		Place   string               `json:"place"`
		AsOf    takhti.Date          `json:"as_of"`
		Rows    []countRow           `json:"rows"`
		Total   int64                `json:"total"`
		Targets []takhti.TargetCount `json:"targets,omitempty"`
	}{string(c.Place.Code), dateOf(c.AsOf), rows, c.Total, targetCounts(c)})
}

func targetCounts(c *registry.Counts) (list []takhti.TargetCount) {
	for _, t := range c.Targets {
		list = append(list, takhti.TargetCount{
			By: dateOf(t.By), Devices: int64(t.Devices), Delivered: c.Delivered, Missing: t.Missing(c.Delivered),
		})
	}
	return list
}

func countRowOf(c *registry.Counts, r *registry.CountRow) countRow {
	row := countRow{Count: r.Count}
	if c.Has(registry.ByPlace) {
		row.Place, row.PlaceName = new(string(r.Place.Code)), &r.Place.Name
	}
	if c.Has(registry.ByShipment) {
		row.Shipment = &r.Shipment
	}
	if c.Has(registry.ByStatus) {
		row.Status = new(takhti.Status(r.Status.String()))
	}
	if c.Has(registry.ByCondition) {
		row.Condition = new(takhti.Condition(r.Condition.String()))
	}
	if c.Has(registry.ByModel) {
		row.Model = &r.Model
	}
	return row
}

type faultCountsIn struct {
	Place string `query:"place" doc:"The code of the place; otherwise your home" example:"PK6"`
}

func (a *api) countFaults(ctx context.Context, in *faultCountsIn) (*answer[takhti.FaultCounts], error) {
	s := a.session(ctx)
	place, err := placeOr(ctx, s, in.Place)
	if err != nil {
		return nil, err
	}
	rows, err := s.FaultCounts(ctx, place.Code)
	if err != nil {
		return nil, err
	}
	counts := takhti.FaultCounts{Place: string(place.Code), Rows: make([]takhti.FaultCountRow, 0, len(rows))}
	for _, r := range rows {
		counts.Rows = append(counts.Rows, takhti.FaultCountRow{
			Category: takhti.FaultCategory(r.Category.String()), State: takhti.FaultState(r.State.String()), Count: r.Count,
		})
		counts.Total += r.Count
		if r.State != fleet.FaultClosed {
			counts.Open += r.Count
		}
	}
	return &answer[takhti.FaultCounts]{counts}, nil
}
