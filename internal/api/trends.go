package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) trends() {
	add(a, operation{
		Route: Route{http.MethodGet, "/trends/devices", fleet.Read},
		id:    "device-trend", summary: "Devices by status at the end of several days",
		sdk: `t, err := c.DeviceTrend(ctx, takhti.TrendQuery{Place: "PK6", Every: takhti.ByMonth})`,
	}, a.deviceTrend)
	add(a, operation{
		Route: Route{http.MethodGet, "/trends/faults", fleet.Read},
		id:    "fault-trend", summary: "Open and reported faults at the end of several days",
		sdk: `t, err := c.FaultTrend(ctx, takhti.TrendQuery{Place: "PK6"})`,
	}, a.faultTrend)
}

type trendIn struct {
	Place string      `query:"place" doc:"The code of the place; otherwise your home" example:"PK6"`
	From  takhti.Date `query:"from" doc:"The first day; otherwise a year before the last one" example:"2026-01-01"`
	To    takhti.Date `query:"to" doc:"The last day; otherwise today"`
	Every takhti.Step `query:"every" default:"month" doc:"By month: the last day of each"`
}

func (a *api) deviceTrend(ctx context.Context, in *trendIn) (*answer[takhti.DeviceTrend], error) {
	s := a.session(ctx)
	place, err := placeOr(ctx, s, in.Place)
	if err != nil {
		return nil, err
	}
	days, err := a.days(in)
	if err != nil {
		return nil, err
	}
	points, err := s.DeviceTrend(ctx, place.Code, days)
	if err != nil {
		return nil, err
	}
	trend := takhti.DeviceTrend{Place: string(place.Code), Points: make([]takhti.DevicePoint, 0, len(days))}
	for i, p := range points {
		counts := map[takhti.Status]int64{}
		for _, status := range fleet.Statuses() {
			if n := p[status]; n != 0 {
				counts[takhti.Status(status.String())] = n
			}
		}
		trend.Points = append(trend.Points, takhti.DevicePoint{Date: dateOf(days[i]), Counts: counts, Total: p.Total()})
	}
	return &answer[takhti.DeviceTrend]{trend}, nil
}

func (a *api) faultTrend(ctx context.Context, in *trendIn) (*answer[takhti.FaultTrend], error) {
	s := a.session(ctx)
	place, err := placeOr(ctx, s, in.Place)
	if err != nil {
		return nil, err
	}
	days, err := a.days(in)
	if err != nil {
		return nil, err
	}
	points, err := s.FaultTrend(ctx, place.Code, days)
	if err != nil {
		return nil, err
	}
	trend := takhti.FaultTrend{Place: string(place.Code), Points: make([]takhti.FaultPoint, 0, len(days))}
	for i, p := range points {
		trend.Points = append(trend.Points, takhti.FaultPoint{Date: dateOf(days[i]), Open: p.Open, Reported: p.Reported})
	}
	return &answer[takhti.FaultTrend]{trend}, nil
}

// maxDays bounds the points of a trend.
const maxDays = 400

// days are the days of a trend, in rising order, the last one included.
func (a *api) days(in *trendIn) ([]fleet.Date, error) {
	to, err := dateOr(in.To, fleet.DateOf(a.Now()))
	if err != nil {
		return nil, err
	}
	from, err := dateOr(in.From, fleet.NewDate(to.Time().Year()-1, to.Time().Month(), to.Time().Day()))
	if err != nil {
		return nil, err
	}
	var days []fleet.Date
	for day := to; day >= from; day = before(day, in.Every) {
		if days = append(days, day); len(days) > maxDays {
			return nil, fleet.Invalidf("trend.too_long", "this would be more than %d days: begin later, or go by week or month", maxDays).In("from")
		}
	}
	if len(days) == 0 {
		return nil, fleet.Invalidf("trend.order", "the last day, %s, lies before the first, %s", to, from).In("to")
	}
	slices.Reverse(days)
	return days, nil
}

// before is the day of a trend that comes before another.
func before(d fleet.Date, step takhti.Step) fleet.Date {
	switch step {
	case takhti.ByDay:
		return d - 1
	case takhti.ByWeek:
		return d - 7
	}
	t := d.Time()
	return fleet.NewDate(t.Year(), t.Month(), 0) // the last day of the month before
}
