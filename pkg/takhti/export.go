package takhti

import (
	"context"
	"io"
	"net/http"
)

// ExportKind is what an export lists.
type ExportKind string

// The kinds of export.
const (
	ExportDevices ExportKind = "devices"
	ExportPlaces  ExportKind = "places"
	ExportFaults  ExportKind = "faults"

	ExportHandouts ExportKind = "handouts" // the devices that are issued, and who holds them
	ExportModels   ExportKind = "models"
	ExportTargets  ExportKind = "targets" // the rollout plan: how many devices places are to have, and by when
)

// ExportFormat is the kind of file.
type ExportFormat string

// The formats.
const (
	XLSX ExportFormat = "xlsx"
	CSV  ExportFormat = "csv"
)

// ExportQuery says what is to be exported. Empty fields ask for nothing in
// particular.
type ExportQuery struct {
	Kind      ExportKind
	Format    ExportFormat // empty: XLSX
	Place     string       // at the place with this code and below it
	Status    Status       // devices only, as the four below
	Condition Condition
	Model     string
	Shipment  string
	Search    string // part of a serial or of an asset tag
	Open      bool   // faults only: those that still wait for something
	State     FaultState
	Category  FaultCategory
}

// Export writes a workbook to w and tells how many bytes it has. After an error
// w may hold a part of it.
func (c *Client) Export(ctx context.Context, q ExportQuery, w io.Writer) (int64, error) {
	p := newParameters().text("format", string(q.Format)).text("place", q.Place).text("status", string(q.Status)).
		text("condition", string(q.Condition)).text("model", q.Model).text("shipment", q.Shipment).text("q", q.Search).
		flag("open", q.Open).text("state", string(q.State)).text("category", string(q.Category))
	return c.download(ctx, call{method: http.MethodGet, path: at("exports", string(q.Kind)), query: p.Values}, w)
}
