package api

import (
	"errors"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// param is a part of a request outside its body: a field with a tag such as
// query:"place".
type param struct {
	in, name string
	index    []int  // of the field
	usual    string // when none is given
	schema   *huma.Schema
}

// paramsOf finds the parameters of an input, those of embedded structs among them,
// and documents them.
func paramsOf(r huma.Registry, spec *huma.Operation, input reflect.Type) (list []param) {
	for _, f := range reflect.VisibleFields(input) {
		if f.Anonymous || !f.IsExported() || f.Name == "Body" {
			continue
		}
		p := param{index: f.Index, usual: f.Tag.Get("default"), schema: huma.SchemaFromField(r, f, "")}
		doc := &huma.Param{Description: p.schema.Description, Schema: p.schema}
		for _, p.in = range []string{"path", "query", "header"} {
			if p.name = f.Tag.Get(p.in); p.name != "" {
				break
			}
		}
		if _, err := fill(reflect.New(f.Type).Elem(), "1"); p.name == "" || err != nil {
			panic("api: not a parameter: " + input.String() + "." + f.Name) // a programmer's mistake
		}
		doc.In, doc.Name, doc.Required = p.in, p.name, p.in == "path"
		if p.in == "query" {
			doc.Explode = new(bool)
		}
		spec.Parameters = append(spec.Parameters, doc)
		list = append(list, p)
	}
	return list
}

// read sets the parameter's field.
func (p *param) read(ctx huma.Context, in reflect.Value, found *mistakes) {
	var text string
	switch p.in {
	case "path":
		text = ctx.Param(p.name)
	case "query":
		text = ctx.Query(p.name)
	case "header":
		text = ctx.Header(p.name)
	}
	if text == "" {
		text = p.usual
	}
	found.at(p.in, p.name)
	switch field := in.FieldByIndex(p.index); {
	case text == "" && p.in == "path":
		found.Add(found.path, "", "required path parameter is missing")
	case text == "":
	default:
		value, err := fill(field, text)
		if err != nil {
			found.Add(found.path, text, err.Error())
			return
		}
		found.check(p.schema, value)
	}
}

// unknown notes what of a query no parameter takes.
func (m *mistakes) unknown(params []param, query url.Values) {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.ContainsFunc(params, func(p param) bool { return p.in == "query" && p.name == name }) {
			m.at("query", name)
			m.Add(m.path, "", "unknown query parameter")
		}
	}
}

var (
	errKind    = errors.New("not a kind of parameter")
	errInteger = errors.New("invalid integer")
	errBoolean = errors.New("invalid boolean")
)

// fill sets a field from text, and returns the value as schemas know it.
func fill(field reflect.Value, text string) (value any, err error) {
	switch field.Kind() {
	case reflect.String:
		field.SetString(text)
		return text, nil
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, errInteger
		}
		field.SetInt(n)
		return n, nil
	case reflect.Uint64:
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return nil, errInteger
		}
		field.SetUint(n)
		return n, nil
	case reflect.Bool:
		yes, err := strconv.ParseBool(text)
		if err != nil {
			return nil, errBoolean
		}
		field.SetBool(yes)
		return yes, nil
	}
	return nil, errKind
}
