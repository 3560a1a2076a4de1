package api_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func TestExports(t *testing.T) {
	w := newWorld(t)
	for name, tc := range map[string]struct {
		user  string
		query takhti.ExportQuery
		want  string // the first column
	}{
		"devices":          {"analyst", takhti.ExportQuery{Kind: takhti.ExportDevices}, "LAH0000001 LAH0000002 LAH0000003 KASUR00001 KASUR00002"},
		"one's own":        {"chak77", takhti.ExportQuery{Kind: takhti.ExportDevices}, "LAH0000003"},
		"of a status":      {"analyst", takhti.ExportQuery{Kind: takhti.ExportDevices, Status: takhti.StatusInStore, Place: "PK601"}, "LAH0000001 LAH0000002"},
		"of a shipment":    {"analyst", takhti.ExportQuery{Kind: takhti.ExportDevices, Shipment: "KASUR-1"}, "KASUR00001 KASUR00002"},
		"places":           {"lahore.officer", takhti.ExportQuery{Kind: takhti.ExportPlaces}, "PK601 PK601-STORE PK6-35200001 PK6-35200002"},
		"faults":           {"analyst", takhti.ExportQuery{Kind: takhti.ExportFaults, Open: true}, "F-00013"},
		"faults elsewhere": {"lahore.officer", takhti.ExportQuery{Kind: takhti.ExportFaults}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var file bytes.Buffer
			tc.query.Format = takhti.CSV
			n := must(w.as(tc.user).Export(t.Context(), tc.query, &file))(t)
			if n != int64(file.Len()) || n == 0 {
				t.Errorf("%d of %d bytes", n, file.Len())
			}
			rows, err := csv.NewReader(&file).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			var first []string
			for _, row := range rows[1:] {
				first = append(first, row[0])
			}
			if got := strings.Join(first, " "); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestWorkbookIsADownload(t *testing.T) {
	w := newWorld(t)
	status, header, body := w.raw(w.token("analyst"), "GET /api/v1/exports/devices?place=PK601", "")
	if status != http.StatusOK || !strings.HasPrefix(body, "PK\x03\x04") ||
		header.Get("Content-Type") != "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" ||
		header.Get("Content-Disposition") != `attachment; filename="takhti-devices.xlsx"` {
		t.Errorf("%d %v %.20q", status, header, body)
	}
}

// A workbook says between which entries of the journal it was made.
func TestExportStatesTheJournalsPosition(t *testing.T) {
	w := newWorld(t)
	token := w.tokenKnown("analyst")
	for _, serial := range []fleet.Serial{"LAH0000001", "LAH0000002"} {
		before := must(w.boss.Position(t.Context()))(t)
		req, err := http.NewRequest("GET", w.url+"/api/v1/exports/devices?format=csv", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(io.Discard, resp.Body)
		if err := errors.Join(err, resp.Body.Close()); err != nil {
			t.Fatal(err)
		}
		begin, err1 := strconv.ParseUint(resp.Header.Get("Takhti-Journal-Begin"), 10, 64)
		end, err2 := strconv.ParseUint(resp.Trailer.Get("Takhti-Journal-End"), 10, 64)
		after := must(w.boss.Position(t.Context()))(t) // that somebody exports is journalled, too, some time
		if err := errors.Join(err1, err2); err != nil || begin < before || end < begin || after < end {
			t.Errorf("made between entries %d and %d, want both from %d to %d; %v", begin, end, before, after, err)
		}
		must(w.boss.Apply(t.Context(), registry.Request{}, registry.RetireDevice{Serial: serial}))(t)
	}
}

// What the API exports, it imports again without a change.
func TestExportComesBackUnchanged(t *testing.T) {
	w := newWorld(t)
	ctx, officer := t.Context(), w.as("lahore.officer")
	var file bytes.Buffer
	must(officer.Export(ctx, takhti.ExportQuery{Kind: takhti.ExportDevices, Format: takhti.XLSX}, &file))(t)
	i := must(officer.UploadImport(ctx, takhti.Upload{Kind: takhti.ImportShipment, FileName: "devices.xlsx", File: bytes.NewReader(file.Bytes())}))(t)
	if i.Rows != 3 || i.Unchanged != 3 || i.ProblemCount != 0 {
		t.Errorf("%+v", i)
	}
}

func TestExportsThatCannotBe(t *testing.T) {
	w := newWorld(t)
	token := w.token("lahore.officer")
	for address, want := range map[string]int{
		"/exports/colours":                   422,
		"/exports/devices?format=pdf":        422,
		"/exports/devices?place=PK602-KASUR": 404,
		"/exports/devices?model=none":        404,
	} {
		status, header, body := w.raw(token, "GET /api/v1"+address, "")
		if status != want || header.Get("Content-Type") != "application/problem+json" || header.Get("Content-Disposition") != "" {
			t.Errorf("%s: %d %s", address, status, body)
		}
	}
}
