package web

import (
	"net/url"

	"github.com/takhti-edu/takhti/internal/registry"
)

// maxImports is how many imports the list shows, the latest.
const maxImports = 100

func importAddress(id uint64) string { return "/imports/" + url.PathEscape(registry.ImportRef(id)) }

func (v *visit) listImports() (reply, error) {
	list, err := v.session.Imports(v.ctx, maxImports)
	return show(v.say("import.list"), importListBody(v.view, list)), err
}
