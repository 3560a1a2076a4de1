package main

// choice is a flag that takes a word of a vocabulary, and no other.
type choice[T any] struct {
	word  string
	value T
	parse func(string) (T, error)
}

func oneOf[T any](usual string, parse func(string) (T, error)) *choice[T] {
	c := &choice[T]{word: usual, parse: parse}
	if usual != "" {
		c.value, _ = parse(usual)
	}
	return c
}

// String is the word that was given.
func (c *choice[T]) String() string { return c.word }

// Type is what the help calls it.
func (c *choice[T]) Type() string { return "word" }

// Set takes a word, or says which there are.
func (c *choice[T]) Set(word string) error {
	value, err := c.parse(word)
	if err == nil {
		c.word, c.value = word, value
	}
	return err
}
