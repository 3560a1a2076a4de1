package web

import (
	"errors"
	"mime/multipart"
	"net/http"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// importRoute is where files are sent to.
const importRoute = "/imports"

func (v *visit) newImport() (reply, error) {
	if err := v.mayImport(); err != nil {
		return reply{}, err
	}
	f := blankForm("import")
	for _, name := range []string{"kind", "shipment", "supplier", "to"} {
		f.values.Set(name, v.query(name))
	}
	return v.importForm(f), nil
}

func (v *visit) importForm(f form) reply {
	return f.again(show(v.say("import.new"), importNewBody(v.view, f)))
}

// takeFile keeps the file and leads to what it would change.
func (v *visit) takeFile() (reply, error) {
	if err := v.mayImport(); err != nil {
		return reply{}, err
	}
	upload, err := v.c.FormFile("file")
	if err != nil && !errors.Is(err, http.ErrMissingFile) {
		return reply{}, unreadable(err)
	}
	f := formOf(v.c.Request.PostForm)
	id, err := v.take(f, upload)
	if err == nil {
		return goTo(importAddress(id)), nil
	}
	f, ok := v.reject(f, err, "place", "to")
	if !ok {
		return reply{}, err
	}
	return v.importForm(f), nil
}

func (v *visit) take(f form, upload *multipart.FileHeader) (id uint64, err error) {
	kind, err := optional(f.value("kind"), workbook.ParseImportKind)
	if err != nil {
		return 0, err
	}
	if upload == nil || upload.Size == 0 {
		return 0, fleet.Invalidf("import.file_missing", "choose the file to import").In("file")
	}
	if to := f.value("to"); to != "" {
		if _, err := v.session.Place(v.ctx, fleet.PlaceCode(to)); err != nil {
			return 0, err
		}
	}
	file, err := upload.Open()
	if err != nil {
		return 0, err
	}
	defer file.Close()
	i, err := v.Desk.Take(v.ctx, v.session, workbook.Incoming{
		Name: upload.Filename, Kind: kind,
		Shipment: f.value("shipment"), Supplier: f.value("supplier"), To: fleet.PlaceCode(f.value("to")),
		Request: f.key,
	}, file)
	return i.ID, err
}

// importKinds are the kinds of list that can be imported.
func (v view) importKinds() []choice {
	return []choice{
		{workbook.Devices.Lists(), v.say("import.kind_shipment")},
		{workbook.Delivery.Lists(), v.say("import.kind_delivery")},
		{workbook.Places.Lists(), v.say("import.kind_places")},
		{workbook.Updates.Lists(), v.say("import.kind_updates")},
		{workbook.Handouts.Lists(), v.say("import.kind_handouts")},
		{workbook.Models.Lists(), v.say("import.kind_models")},
		{workbook.Targets.Lists(), v.say("import.kind_targets")},
	}
}
