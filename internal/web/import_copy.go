package web

import (
	"bytes"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

func copyAddress(id uint64, c workbook.Copy) string { return importAddress(id) + "/" + c.String() }

// anyLeftOut says whether rows of the file are not imported, so that there is
// something to mark.
func (p importPage) anyLeftOut() bool {
	if p.State == registry.ImportPlanned {
		return p.plan != nil && p.plan.LeftOut > 0
	}
	return p.Import.LeftOut > 0
}

// copyImport sends a copy of an import's file, with its problems marked.
func (v *visit) copyImport() (reply, error) {
	id, err := v.importID()
	if err != nil {
		return reply{}, err
	}
	c, known := workbook.ParseCopy(path.Base(v.path))
	if !known {
		return reply{}, fleet.NotFoundf("import.copy", "there is no such copy")
	}
	file, err := v.Desk.Copy(v.ctx, v.session, id, c)
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, file: &download{
		name: file.Name, kind: workbook.XLSX.ContentType(), from: file, size: file.Size,
	}}, nil
}

func templateAddress(kind, lang string) string {
	return address("/templates/"+kind+".xlsx", "lang", lang)
}

// sendTemplate sends a workbook to fill in.
func (v *visit) sendTemplate() (reply, error) {
	name := strings.TrimSuffix(v.c.Param("name"), ".xlsx")
	kind, err := workbook.ParseKind(name)
	if err != nil {
		return reply{}, fleet.NotFoundf("template.kind", "there is no template for %s", name)
	}
	lang, err := workbook.ParseLanguage(v.query("lang"))
	if err != nil {
		return reply{}, err
	}
	var out bytes.Buffer
	if err := workbook.WriteTemplate(v.ctx, &out, v.session, kind, lang); err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, file: &download{
		name: "takhti-" + name + ".xlsx", kind: workbook.XLSX.ContentType(), from: io.NopCloser(&out), size: int64(out.Len()),
	}}, nil
}
