// Package deepcopy stands in for the module of that name, which excelize uses to
// copy its own plain structs. The original also looks for methods by names known
// only at run time, so that the linker must keep every exported method of every
// type in the program: 12 MB of dead code. This one copies values only.
package deepcopy

import (
	"errors"
	"reflect"
)

// Copy makes the value that dst points to a copy of src, or of what src points
// to, that shares no memory with it. Both must be of one type, without cycles;
// unexported fields, channels, functions and interfaces are copied as they are.
func Copy(dst, src any) error {
	to, from := reflect.ValueOf(dst), reflect.ValueOf(src)
	if to.Kind() != reflect.Pointer || to.IsNil() {
		return errors.New("deepcopy: the destination is not a pointer")
	}
	to = to.Elem()
	for from.Kind() == reflect.Pointer && from.Type() != to.Type() && !from.IsNil() {
		from = from.Elem()
	}
	if !from.IsValid() || from.Type() != to.Type() {
		return errors.New("deepcopy: the types differ")
	}
	to.Set(clone(from))
	return nil
}

func clone(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.Set(reflect.New(v.Type().Elem()))
			c.Elem().Set(clone(v.Elem()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if c.Field(i).CanSet() {
				c.Field(i).Set(clone(v.Field(i)))
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			c.Index(i).Set(clone(v.Index(i)))
		}
	case reflect.Slice:
		if !v.IsNil() {
			c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				c.Index(i).Set(clone(v.Index(i)))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			c.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
			for key, value := range v.Seq2() {
				c.SetMapIndex(key, clone(value))
			}
		}
	}
	return c
}
