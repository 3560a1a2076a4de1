package auth

import (
	_ "embed"
	"strings"
	"unicode"
)

// commonWords are what people make passwords of: words, names, places, cricket,
// walks over the keyboard. Each stands on a line.
//
//go:embed common.txt
var commonWords string

// leet undoes the letters that people replace.
var leet = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// isCommon says whether the password is among those that leak and are guessed most:
// digits and signs alone, one character or group again and again, or one or two
// common words with whatever digits and signs stand around and between them. Each
// word of the list stands so for thousands of entries of a list of leaked ones.
func isCommon(password string) bool {
	text := strings.ToLower(strings.TrimSpace(password))
	return repeats(text) || madeOfWords(letters(text)) || madeOfWords(letters(leet.Replace(strings.TrimFunc(text, notLetter))))
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// letters leaves out all but letters.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if notLetter(r) {
			return -1
		}
		return r
	}, text)
}

// madeOfWords says whether the letters are nothing, one common word or two.
func madeOfWords(word string) bool {
	if word == "" || isWord(word) {
		return true
	}
	for i := range word {
		if isWord(word[:i]) && isWord(word[i:]) {
			return true
		}
	}
	return false
}

func isWord(word string) bool { return word != "" && strings.Contains(commonWords, "\n"+word+"\n") }

// repeats says whether the text is a group of up to four bytes again and again.
func repeats(text string) bool {
	for size := 1; size <= 4 && size*2 <= len(text); size++ {
		if text[size:] == text[:len(text)-size] {
			return true
		}
	}
	return false
}
