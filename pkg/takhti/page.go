package takhti

import (
	"iter"
	"net/url"
	"strconv"
)

// Page is a part of a list.
type Page[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"Give it as cursor, with the same filter, to get the next page; absent on the last one"`
}

// wholePages is how many items an iterator asks for at a time.
const wholePages = 500

// each yields the items of all pages. read gets the cursor of a page and, unless
// the caller set one, its size.
func each[T any](read func(cursor string) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for cursor := ""; ; {
			page, err := read(cursor)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
			if cursor = page.Next; cursor == "" {
				return
			}
		}
	}
}

// parameters are the query of a URL; what is empty or zero is left out.
type parameters struct{ url.Values }

func newParameters() parameters { return parameters{url.Values{}} }

func (p parameters) text(name, value string) parameters {
	if value != "" {
		p.Set(name, value)
	}
	return p
}

func (p parameters) number(name string, value int) parameters {
	if value != 0 {
		p.Set(name, strconv.Itoa(value))
	}
	return p
}

func (p parameters) flag(name string, value bool) parameters {
	if value {
		p.Set(name, "true")
	}
	return p
}
