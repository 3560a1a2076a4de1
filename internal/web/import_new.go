package web

import (
	"errors"
	"mime/multipart"
	"net/http"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// importRoute is where files are sent to.
const importRoute = "/imports"

// uploadsAddress is where the page's script sends large files ahead of their form: the API's.
const uploadsAddress = "/api/v1/uploads"

func (v *visit) newImport() (reply, error) {
	f := blankForm("import")
	for _, name := range []string{"kind", "shipment", "supplier", "to", "date", "after"} {
		f.values.Set(name, v.query(name))
	}
	return v.importForm(f), nil
}

func (v *visit) importForm(f form) reply {
	v.script = "upload.js"
	return f.again(show(v.say("import.new"), importNewBody(v.view, f)))
}

// takeFile keeps the file and leads to what it would change.
func (v *visit) takeFile() (reply, error) {
	upload, err := v.c.FormFile("file")
	if err != nil && !errors.Is(err, http.ErrMissingFile) {
		return reply{}, unreadable(err)
	}
	f := formOf(v.c.Request.PostForm)
	id, err := v.take(f, upload)
	if err == nil {
		return goTo(importAddress(id)), nil
	}
	f, ok := v.reject(f, err, "place", "to", "upload", "file")
	if !ok {
		return reply{}, err
	}
	return v.importForm(f), nil
}

// take takes the form's file, or the one that was sent ahead of it.
func (v *visit) take(f form, upload *multipart.FileHeader) (id uint64, err error) {
	kind, err := optional(f.value("kind"), workbook.ParseImportKind)
	if err != nil {
		return 0, err
	}
	ahead := f.value("upload")
	if ahead == "" && (upload == nil || upload.Size == 0) {
		return 0, fleet.Invalidf("import.file_missing", "choose the file to import").In("file")
	}
	day, err := f.date("date")
	if err != nil {
		return 0, err
	}
	if to := f.value("to"); to != "" {
		if _, err := v.session.Place(v.ctx, fleet.PlaceCode(to)); err != nil {
			return 0, err
		}
	}
	in := workbook.Incoming{
		Kind: kind, Shipment: f.value("shipment"), Supplier: f.value("supplier"), To: fleet.PlaceCode(f.value("to")), Date: day,
		Request: f.key,
	}
	if in.Reading, err = v.readBefore(f.value("after"), kind); err != nil {
		return 0, err
	}
	if ahead != "" {
		i, err := v.Desk.TakeUpload(v.ctx, v.session, in, ahead)
		return i.ID, err
	}
	file, err := upload.Open()
	if err != nil {
		return 0, err
	}
	defer file.Close()
	in.Name = upload.Filename
	i, err := v.Desk.Take(v.ctx, v.session, in, file)
	return i.ID, err
}

// readBefore is what was chosen and decided for an earlier import, of which the file
// is sent corrected; nothing, where there was none of the kind.
func (v *visit) readBefore(ref string, kind workbook.Kind) (registry.Reading, error) {
	id, err := workbook.ParseImportRef(ref)
	if err != nil {
		return registry.Reading{}, nil
	}
	i, err := v.session.Import(v.ctx, id)
	if fleet.KindOf(err) == fleet.NotFound || i.Kind != kind.String() {
		return registry.Reading{}, nil
	}
	return i.Reading, err
}

// importKinds are the kinds of list that can be imported.
func (v *view) importKinds() []choice {
	return []choice{
		{workbook.Devices.Lists(), v.say("import.kind_shipment")},
		{workbook.Delivery.Lists(), v.say("import.kind_delivery")},
		{workbook.Places.Lists(), v.say("import.kind_places")},
		{workbook.Updates.Lists(), v.say("import.kind_updates")},
		{workbook.Handouts.Lists(), v.say("import.kind_handouts")},
		{workbook.StockTakes.Lists(), v.say("import.kind_stocktake")},
		{workbook.Models.Lists(), v.say("import.kind_models")},
		{workbook.Targets.Lists(), v.say("import.kind_targets")},
		{workbook.Accounts.Lists(), v.say("import.kind_accounts")},
	}
}
