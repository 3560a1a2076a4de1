package api_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

const packingList = `Serial Number,Model,Lot
LAH5000001,Slate 11,L5
LAH5000002,Slate 11,L5
`

func packing(text string) takhti.Upload {
	return takhti.Upload{
		Kind: takhti.ImportShipment, FileName: "lot5.csv", File: strings.NewReader(text),
		Shipment: "LAHORE-5", Supplier: "Tez", To: "PK601-STORE",
	}
}

func TestPackingListComesIn(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), t.Context()
	i := must(officer.UploadImport(ctx, packing(packingList)))(t)
	if i.ID != "I-1" || i.Kind != takhti.ImportShipment || i.State != takhti.ImportPlanned || i.FileName != "lot5.csv" || i.By != "lahore.officer" ||
		i.Rows != 2 || i.New != 2 || i.ProblemCount != 0 || len(i.Digest) != 64 || i.Shipment != "LAHORE-5" || i.To != "PK601-STORE" {
		t.Fatalf("planned: %+v", i)
	}
	if _, err := officer.Device(ctx, "LAH5000001"); !takhti.IsNotFound(err) {
		t.Fatalf("a plan was carried out: %v", err)
	}
	done := must(officer.CommitImport(ctx, i.ID, takhti.Commit{Digest: i.Digest}))(t)
	if done.State != takhti.ImportApplied || done.New != 2 || done.Digest != i.Digest {
		t.Fatalf("committed: %+v", done)
	}
	if d := must(officer.Device(ctx, "LAH5000002"))(t); d.Shipment != "LAHORE-5" || d.Status != takhti.StatusExpected {
		t.Errorf("%+v", d.Device)
	}
	again := must(officer.CommitImport(ctx, i.ID, takhti.Commit{Digest: i.Digest}))(t)
	if fmt.Sprint(again) != fmt.Sprint(done) {
		t.Errorf("committed again: %+v", again)
	}
	same := must(officer.UploadImport(ctx, packing(packingList)))(t)
	if same.ID != "I-2" || same.Unchanged != 2 || same.New != 0 {
		t.Errorf("the same file: %+v", same)
	}
	var listed []string
	for i, err := range officer.Imports(ctx) {
		listed = append(listed, must(i, err)(t).ID+" "+string(i.State))
	}
	if got := strings.Join(listed, ", "); got != "I-2 planned, I-1 applied" {
		t.Error(got)
	}
}

func TestProblemsNameTheirCells(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), t.Context()
	i := must(officer.UploadImport(ctx, packing(packingList+"1.23E+11,Slate 11,L5\nLAH5000001,Slate 11,L5\n")))(t)
	if i.LeftOut == 0 || i.ProblemCount != len(i.Problems) {
		t.Fatalf("%+v", i)
	}
	p := i.Problems[0]
	for _, q := range i.Problems {
		if q.Code == "serial.scientific" {
			p = q
		}
	}
	if p.Row != 4 || p.Column != "A" || p.Value != "1.23E+11" || p.Sheet != "lot5" || !strings.Contains(p.Message, "Excel") {
		t.Errorf("%+v", p)
	}
	_, err := officer.CommitImport(ctx, i.ID, takhti.Commit{Digest: i.Digest})
	if e := wantCode(t, err, "import.problems"); e.Status != 422 {
		t.Errorf("%+v", e)
	}
	good := must(officer.CommitImport(ctx, i.ID, takhti.Commit{Digest: i.Digest, SkipBad: true}))(t)
	if good.State != takhti.ImportApplied || good.LeftOut != i.LeftOut || !good.SkipBad {
		t.Errorf("without its bad rows: %+v", good)
	}
}

func TestProblemsComeInPages(t *testing.T) {
	w := newWorld(t)
	officer := w.as("lahore.officer")
	text := packingList
	for n := range 1200 {
		text += fmt.Sprintf("%d.5E+10,Slate 11,L5\n", n)
	}
	i := must(officer.UploadImport(t.Context(), packing(text)))(t)
	if i.ProblemCount != 1200 || len(i.Problems) != 50 {
		t.Fatalf("%d problems, %d shown", i.ProblemCount, len(i.Problems))
	}
	row := 3
	for p, err := range officer.ImportProblems(t.Context(), i.ID) {
		if row++; must(p, err)(t).Row != row {
			t.Fatalf("row %d after row %d", p.Row, row-1)
		}
	}
	if row != 1203 {
		t.Errorf("the last problem is in row %d", row)
	}
}

func TestPlanThatIsNoLongerTrueIsShownAnew(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), t.Context()
	i := must(officer.UploadImport(ctx, packing(packingList)))(t)
	w.do(registry.ReceiveUnlisted{Shipment: "LAHORE-1", Device: device("LAH5000001")})
	_, err := officer.CommitImport(ctx, i.ID, takhti.Commit{Digest: i.Digest})
	e := wantCode(t, err, "import.changed")
	if e.Status != http.StatusConflict || e.Import == nil || e.Import.New != 1 || e.Import.Digest == i.Digest {
		t.Fatalf("%+v", e)
	}
	if shown := must(officer.Import(ctx, i.ID))(t); shown.Digest != e.Import.Digest || shown.New != 1 {
		t.Errorf("shown anew: %+v", shown)
	}
	if _, err := officer.CommitImport(ctx, i.ID, takhti.Commit{Digest: "xyz"}); err == nil {
		t.Error("a digest that is none was taken")
	}
}

func TestUploadUnderOneKeyIsOneImport(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), takhti.WithKey(t.Context(), "upload-1")
	first := must(officer.UploadImport(ctx, packing(packingList)))(t)
	second := must(officer.UploadImport(ctx, packing(packingList)))(t)
	if first.ID != second.ID || first.Digest != second.Digest {
		t.Errorf("%s and %s", first.ID, second.ID)
	}
	_, err := officer.UploadImport(ctx, packing(packingList+"LAH5000009,Slate 11,L5\n"))
	wantCode(t, err, "request.reused")
}

func TestImportsKeepToTheScope(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	i := must(w.as("lahore.officer").UploadImport(ctx, packing(packingList)))(t)
	other := w.as("kasur.officer")
	_, err := other.Import(ctx, i.ID)
	wantCode(t, err, "import.not_found")
	_, err = other.CommitImport(ctx, i.ID, takhti.Commit{Digest: i.Digest})
	wantCode(t, err, "import.not_found")
	for _, err := range other.ImportProblems(ctx, i.ID) {
		wantCode(t, err, "import.not_found")
	}
	for i := range other.Imports(ctx) {
		t.Errorf("sees %+v", i)
	}
	if _, err := w.as("chak77").UploadImport(ctx, packing(packingList)); err == nil {
		t.Error("a school imports")
	}
}

func TestUploadsThatCannotBe(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), t.Context()
	for name, tc := range map[string]struct {
		upload takhti.Upload
		code   string
	}{
		"an empty file":       {packing(""), "file.empty"},
		"a kind that is none": {takhti.Upload{Kind: "colours", FileName: "x.csv", File: strings.NewReader("a")}, "workbook.kind"},
		"faults":              {takhti.Upload{Kind: "faults", FileName: "x.csv", File: strings.NewReader("a")}, "workbook.kind"},
		"an old workbook":     {takhti.Upload{Kind: takhti.ImportPlaces, FileName: "x.xls", File: strings.NewReader("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old")}, "file.xls"},
	} {
		_, err := officer.UploadImport(ctx, tc.upload)
		var e *takhti.Error
		if !errors.As(err, &e) || e.Status != 422 || e.Detail == "" {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if e.Code != tc.code {
			t.Errorf("%s: code %s, want %s", name, e.Code, tc.code)
		}
	}
}

// form makes a form by hand; the file has so many bytes.
func form(fields map[string]string, size int) (body, kind string) {
	var buf bytes.Buffer
	m := multipart.NewWriter(&buf)
	for name, value := range fields {
		m.WriteField(name, value)
	}
	if size > 0 {
		f, _ := m.CreateFormFile("file", "x.csv")
		io.CopyN(f, endless{}, int64(size))
	}
	m.Close()
	return buf.String(), m.FormDataContentType()
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestFormsThatCannotBe(t *testing.T) {
	w := newWorld(t)
	token := w.token("lahore.officer")
	whole, kind := form(map[string]string{"kind": "places"}, 10_000)
	noFile, noFileKind := form(map[string]string{"kind": "places"}, 0)
	strange, strangeKind := form(map[string]string{"kind": "places", "colour": "red"}, 10)
	bogus, bogusKind := form(map[string]string{"kind": "bogus"}, 10)
	faults, faultsKind := form(map[string]string{"kind": "faults"}, 10)
	for name, tc := range map[string]struct {
		body, kind string
		status     int
		code       string
	}{
		"no kind of list":    {bogus, bogusKind, 422, "workbook.kind"},
		"a list of faults":   {faults, faultsKind, 422, "workbook.kind"},
		"cut short":          {whole[:len(whole)-200], kind, 400, "upload.truncated"},
		"no form":            {"{}", "application/json", 415, "request.content_type"},
		"without a file":     {noFile, noFileKind, 422, "import.file_missing"},
		"an unknown field":   {strange, strangeKind, 422, "request.invalid"},
		"without a boundary": {whole, "multipart/form-data", 415, "request.content_type"},
	} {
		status, _, answer := w.raw(token, "POST /api/v1/imports", tc.body, "Content-Type: "+tc.kind)
		if status != tc.status || !strings.Contains(answer, `"`+tc.code+`"`) || !strings.Contains(answer, `"help":`) || strings.Contains(answer, "or faults") {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
}

func TestUploadThatIsTooLarge(t *testing.T) {
	w := newWorld(t)
	token := w.token("lahore.officer")
	head, kind := form(map[string]string{"kind": "places"}, 1)
	head = head[:strings.LastIndex(head, "\r\n\r\n")+4] // up to the file's bytes
	for name, announced := range map[string]int64{"and says so": 66 << 20, "and does not say so": -1} {
		body := io.MultiReader(strings.NewReader(head), io.LimitReader(endless{}, 66<<20))
		req, err := http.NewRequest("POST", w.url+"/api/v1/imports", body)
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = announced
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Expect", "100-continue")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(name, err)
		}
		answer, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(answer), "body.too_large") {
			t.Errorf("%s: %d %s", name, resp.StatusCode, answer)
		}
	}
}

func TestRowsOfAnImportComeInPages(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), t.Context()
	i := must(officer.UploadImport(ctx, packing(packingList+"1.23E+11,Slate 11,L5\n")))(t)
	for _, err := range officer.ImportRows(ctx, i.ID, "") {
		t.Errorf("an import that was not carried out has rows, %v", err)
	}
	must(officer.CommitImport(ctx, i.ID, takhti.Commit{Digest: i.Digest, SkipBad: true}))(t)
	var rows []string
	for cursor := ""; ; {
		page := must(officer.ImportRowPage(ctx, i.ID, "", 1, cursor))(t)
		for _, r := range page.Items {
			rows = append(rows, fmt.Sprintf("%s!%s%d %s %s %s", r.Sheet, r.Column, r.Row, r.Subject, r.Outcome, r.Code))
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if got := strings.Join(rows, ", "); got != "lot5!2 LAH5000001 new , lot5!3 LAH5000002 new , lot5!A4  left_out serial.scientific" {
		t.Error(got)
	}
	for r, err := range officer.ImportRows(ctx, i.ID, takhti.RowLeftOut) {
		if must(r, err)(t).Row != 4 || r.Message == "" {
			t.Errorf("%+v", r)
		}
	}
	for _, err := range w.as("kasur.officer").ImportRows(ctx, i.ID, "") {
		wantCode(t, err, "import.not_found")
	}
	for _, err := range officer.ImportRows(ctx, i.ID, "wrong") {
		if err == nil {
			t.Error("an outcome that is none was taken")
		}
	}
}

func TestALongCommitGoesOnByItself(t *testing.T) {
	w := newWorldWaiting(t, time.Nanosecond)
	officer, ctx := w.as("lahore.officer"), t.Context()
	list := "Serial Number,Model\n"
	for n := range 3000 {
		list += fmt.Sprintf("LAH6%06d,Slate 11\n", n)
	}
	i := must(officer.UploadImport(ctx, packing(list)))(t)
	token := w.token("lahore.officer")
	order := fmt.Sprintf(`{"digest":%q}`, i.Digest)
	status, header, body := w.raw(token, "POST /api/v1/imports/I-1/commit", order, "Content-Type: application/json")
	if status != http.StatusAccepted || header.Get("Retry-After") != "1" || !strings.Contains(body, `"state":"applying"`) || !strings.Contains(body, `"phase":`) {
		t.Fatalf("%d %v %s", status, header, body)
	}
	if now := must(officer.Import(ctx, i.ID))(t); now.State != takhti.ImportApplying || now.Progress == nil || now.Progress.Phase == "" {
		t.Errorf("%+v", now)
	}
	if status, _, body := w.raw(token, "POST /api/v1/imports/I-1/commit", strings.Replace(order, i.Digest, strings.Repeat("ab", 32), 1), "Content-Type: application/json"); status != http.StatusConflict || !strings.Contains(body, "import.applying") {
		t.Errorf("another plan meanwhile: %d %s", status, body)
	}
	done, err := officer.CommitImport(ctx, i.ID, takhti.Commit{Digest: i.Digest})
	if err != nil { // on a slow machine it may be over already
		wantCode(t, err, "import.applied")
		done = must(officer.Import(ctx, i.ID))(t)
	}
	if done.State != takhti.ImportApplied || done.New != 3000 || done.Progress != nil {
		t.Errorf("%+v", done)
	}
}

func TestAnImportIsUndone(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), t.Context()
	i := must(officer.UploadImport(ctx, packing(packingList)))(t)
	_, err := officer.PlanUndo(ctx, i.ID)
	wantCode(t, err, "import.nothing_done")
	must(officer.CommitImport(ctx, i.ID, takhti.Commit{Digest: i.Digest}))(t)
	_, err = w.as("kasur.officer").PlanUndo(ctx, i.ID)
	wantCode(t, err, "import.not_found")
	u := must(officer.PlanUndo(ctx, i.ID))(t)
	if u.Deleted != 3 || u.KeptCount != 0 || len(u.Digest) != 64 { // two devices and their shipment
		t.Fatalf("%+v", u)
	}
	w.do(registry.ReceiveDevice{Serial: "LAH5000001"})
	_, err = officer.UndoImport(ctx, i.ID, u.Digest)
	if e := wantCode(t, err, "import.changed"); e.Status != http.StatusConflict {
		t.Errorf("%+v", e)
	}
	u = must(officer.PlanUndo(ctx, i.ID))(t)
	if u.Deleted != 1 || len(u.Kept) != 2 || u.Kept[0].Subject != "LAH5000001" || u.Kept[0].Code != "undo.later" {
		t.Fatalf("%+v", u)
	}
	done := must(officer.UndoImport(ctx, i.ID, u.Digest))(t)
	if done.State != takhti.ImportUndone || done.Undo == nil || *done.Undo != u.UndoTally {
		t.Errorf("%+v", done)
	}
	if again := must(officer.UndoImport(ctx, i.ID, u.Digest))(t); again.State != takhti.ImportUndone {
		t.Errorf("%+v", again)
	}
	if after := must(officer.PlanUndo(ctx, i.ID))(t); fmt.Sprint(after) != fmt.Sprint(u) {
		t.Errorf("%+v", after)
	}
	_, err = officer.CommitImport(ctx, i.ID, takhti.Commit{Digest: i.Digest})
	wantCode(t, err, "import.undone")
	if _, err := officer.Device(ctx, "LAH5000002"); !takhti.IsNotFound(err) {
		t.Error(err)
	}
}
