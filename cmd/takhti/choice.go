package main

// choice is a flag that takes a word of a vocabulary, and no other.
type choice[T any] struct {
	word  string
	parse func(string) (T, error)
}

func oneOf[T any](usual string, parse func(string) (T, error)) *choice[T] {
	return &choice[T]{word: usual, parse: parse}
}

// String is the word that was given.
func (c *choice[T]) String() string { return c.word }

// Type is what the help calls it.
func (c *choice[T]) Type() string { return "word" }

// Set takes a word, or says which there are.
func (c *choice[T]) Set(word string) error {
	_, err := c.parse(word)
	if err == nil {
		c.word = word
	}
	return err
}
