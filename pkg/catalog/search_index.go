package catalog

import (
	"regexp"
	"strings"
	"sync"
)

// index finds hits. It is built once and only read after.
type index struct {
	docs    []Hit // items, then themes, each by code
	text    *textIndex
	pinyin  *pinyinIndex
	scratch sync.Pool
}

// kind says what part of an item or theme a phrase is.
type kind uint8

const (
	ofCode kind = iota
	ofKeyword
	ofName
	ofScenario
	ofResult
	ofDepartment
	ofMaterial
	kinds
)

// longestPhrase is how many characters of a name are found by.
const longestPhrase = 100

func newIndex(items []*Item, themes []*Theme) *index {
	x := &index{text: newTextIndex(), pinyin: newPinyinIndex()}
	for _, item := range items {
		d := x.add(Hit{Item: item})
		x.addItem(d, item)
	}
	for _, theme := range themes {
		d := x.add(Hit{Theme: theme})
		x.put(d, ofCode, string(theme.Code))
		x.put(d, ofName, theme.Name)
		for _, part := range strings.FieldsFunc(theme.Scenario, isMark) {
			x.put(d, ofScenario, part)
		}
	}
	x.scratch.New = func() any { return newScratch(len(x.docs)) }
	return x
}

func (x *index) add(hit Hit) doc {
	x.docs = append(x.docs, hit)
	x.text.phrases = append(x.text.phrases, nil)
	return doc(len(x.docs) - 1)
}

func (x *index) addItem(d doc, item *Item) {
	x.put(d, ofCode, string(item.Code))
	for _, keyword := range item.Keywords {
		x.put(d, ofKeyword, keyword)
	}
	x.put(d, ofName, item.Name)
	x.put(d, ofResult, item.ResultName)
	if item.Department != nil {
		x.put(d, ofDepartment, item.Department.Name)
	}
	for _, r := range item.Requirements {
		x.put(d, ofMaterial, r.Material.Name)
	}
}

// put adds a phrase as it stands and in the shorter ways in which it may be
// asked for: without filler, and without what is in brackets.
func (x *index) put(d doc, k kind, phrase string) {
	seen := map[string]bool{"": true}
	for _, form := range []string{phrase, brackets.ReplaceAllString(phrase, "")} {
		raw := fold(form, longestPhrase)
		for _, way := range []string{raw, withoutFiller(raw)} {
			if seen[way] {
				continue
			}
			seen[way] = true
			x.text.add(d, k, canonical.Replace(way))
			if k == ofKeyword || k == ofName || k == ofResult {
				x.pinyin.add(d, k, way)
			}
		}
	}
}

// brackets match "(国内出生)" in "出生登记(国内出生)".
var brackets = regexp.MustCompile(`[(（][^)）]*[)）]`)

func isMark(c rune) bool { return strings.ContainsRune("：:，,、；;。 ", c) }
