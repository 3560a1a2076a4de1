package api

import (
	"context"
	"net/http"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) models() {
	add(a, operation{
		Route: Route{http.MethodGet, "/models", fleet.Read},
		id:    "list-models", summary: "All models of device; there are few",
		sdk: `models, err := c.Models(ctx)`,
	}, a.listModels)
}

func (a *api) listModels(ctx context.Context, _ *struct{}) (*answer[takhti.Page[takhti.Model]], error) {
	all, err := a.session(ctx).Models(ctx)
	if err != nil {
		return nil, err
	}
	page := takhti.Page[takhti.Model]{Items: make([]takhti.Model, 0, len(all))}
	for _, m := range all {
		page.Items = append(page.Items, takhti.Model{
			Name: m.Name, Manufacturer: m.Manufacturer, Screen: m.Screen, AUE: dateOf(m.AUE), LifeMonths: m.LifeMonths,
		})
	}
	return &answer[takhti.Page[takhti.Model]]{page}, nil
}
