package api

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// feeds serves counts to spreadsheets, which can keep an address and nothing else.
// Whoever has the address is the actor; that no one else is, is for whoever identifies
// requests to see to.
func (a *api) feeds(engine *gin.Engine) {
	route := auth.Route{Method: http.MethodGet, Path: auth.FeedRoute, Needs: auth.Any(fleet.Read)}
	a.declared = append(a.declared, route)
	engine.GET(route.Path, func(c *gin.Context) {
		c.Header("Referrer-Policy", "no-referrer") // the address is a secret
		if admitted(c.Request.Context(), route.Needs) != nil {
			a.refuseFeed(c, auth.ErrFeed)
			return
		}
		counts, err := a.feedCounts(c)
		if err != nil {
			a.refuseFeed(c, err)
			return
		}
		c.Data(http.StatusOK, "text/csv; charset=utf-8", feedCSV(counts))
	})
}

// refuseFeed answers in a sentence: whoever opens the address sees it in a browser.
func (a *api) refuseFeed(c *gin.Context, err error) {
	p := a.problem(c.Request.Context(), err)
	p.leave(c)
	for name, values := range p.headers {
		c.Header(name, values[0])
	}
	c.String(p.Status, "%s.\n", p.Detail)
}

// feedCounts counts what the address asks for. A parameter that is not known is
// refused, as a slip in one would give the numbers of something else; refresh is for
// spreadsheets that fetch an address anew only when it changes.
func (a *api) feedCounts(c *gin.Context) (*registry.Counts, error) {
	in := countsIn{By: registry.ByStatus.String()}
	for name, values := range c.Request.URL.Query() {
		switch name {
		case "place":
			in.Place = values[0]
		case "by":
			in.By = values[0]
		case "as_of":
			in.AsOf = takhti.Date(values[0])
		case "refresh":
		default:
			return nil, fleet.Invalidf("feed.parameter", "a feed takes place, by, as_of and refresh: there is no %s", strconv.Quote(name)).In("query")
		}
	}
	return a.count(c.Request.Context(), &in)
}

// feedCSV is one line for each number. Its columns depend on what was asked for and
// never on the numbers, so that what is built upon them holds.
func feedCSV(c *registry.Counts) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	head := []string{"as_of", "place_code", "place"}
	for _, d := range c.By {
		if d != registry.ByPlace {
			head = append(head, d.String())
		}
	}
	_ = w.Write(append(head, "count")) // a buffer takes everything
	for i := range c.Rows {
		_ = w.Write(feedLine(c, &c.Rows[i]))
	}
	w.Flush()
	return out.Bytes()
}

func feedLine(c *registry.Counts, row *registry.CountRow) []string {
	place := &c.Place
	if row.Place != nil {
		place = row.Place
	}
	line := []string{c.AsOf.String(), string(place.Code), place.Name}
	for _, d := range c.By {
		switch d {
		case registry.ByStatus:
			line = append(line, row.Status.String())
		case registry.ByCondition:
			line = append(line, row.Condition.String())
		case registry.ByModel:
			line = append(line, row.Model)
		case registry.ByShipment:
			line = append(line, row.Shipment)
		}
	}
	for i := range line {
		line[i] = workbook.Inert(line[i])
	}
	return append(line, strconv.FormatInt(row.Count, 10))
}
