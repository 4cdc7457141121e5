package settings

import (
	"strings"

	"rowhouse/ui"
)

// actWord is an act as the log keeps it, in words, with its icon.
type actWord struct{ act, words, icon string }

// actWords says what was done. An act that has no words here is said as it is kept.
func actWords(look *ui.Look, act string) (words, icon string) {
	for _, a := range knownActs() {
		if a.act == act {
			return look.T(a.words), a.icon
		}
	}
	return act, "activity"
}

func knownActs() []actWord {
	return []actWord{
		{"created", "Created", "plus"}, {"updated", "Changed", "pencil"}, {"deleted", "Deleted", "trash-2"}, {"restored", "Brought back", "archive-restore"},
		{"imported", "Imported", "upload"}, {"exported", "Exported", "download"},
		{"settings changed", "Changed the settings", "settings"}, {"field added", "Added a field", "text-cursor-input"}, {"field changed", "Changed a field", "text-cursor-input"},
		{"choice added", "Added a choice", "list"}, {"choice changed", "Changed a choice", "list"}, {"choice moved", "Moved a choice", "list"}, {"choice deleted", "Deleted a choice", "list"},
		{"invited", "Invited", "user-plus"}, {"staff changed", "Changed a member of staff", "users"}, {"role changed", "Changed a role", "shield-check"}, {"role deleted", "Deleted a role", "shield-check"},
		{"signed in", "Signed in", "key-round"}, {"login failed", "Wrong password", "lock"}, {"password chosen", "Chose a password", "key-round"}, {"password changed", "Changed the password", "key-round"},
		{"second factor on", "Turned a second factor on", "shield-check"}, {"second factor off", "Turned a second factor off", "shield-check"}, {"sessions ended", "Signed devices out", "log-out"},
	}
}

// actOptions are the acts that the log can be narrowed to.
func actOptions(look *ui.Look, chosen string) []Option {
	options := []Option{{Value: "", Label: look.T("Everything"), Chosen: chosen == ""}}
	for _, a := range knownActs() {
		options = append(options, Option{a.act, look.T(a.words), a.act == chosen})
	}
	return options
}

// settingName says the name of a setting, as its page does.
func settingName(look *ui.Look, key string) string {
	group, name, _ := strings.Cut(key, ".")
	inputs := localeInputs(look)
	switch group {
	case "brand":
		return look.T("Brand")
	case "company":
		inputs = companyInputs(look)
	case "twins":
		inputs = nil
		for _, k := range twinKeys(look) {
			inputs = append(inputs, Input{Name: k.Name, Label: k.Label})
		}
	default:
		name = key
	}
	for _, in := range inputs {
		if in.Name == name {
			return in.Label
		}
	}
	return key
}
