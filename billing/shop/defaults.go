package shop

// defaults are the built-in texts. Each sentence and paragraph is also a key of the message catalogue.
func defaults() Texts {
	return Texts{
		Brand:    "Rowhouse",
		Hue:      272,
		Mode:     Open,
		Kicker:   "Leads, customers and contacts in one place",
		Headline: "The CRM that stays out of your way",
		Subline: "See who is interested, what was said and what is due next. " +
			"Your team gets an address of its own, and your data a file of its own.",
		Features: defaultFeatures(),
		Benefits: []Block{
			{"lock", "A house of your own", "Your data is kept in a database file of its own, apart from that of every other customer."},
			{"download", "Yours to take", "Export any list as a spreadsheet whenever you like. Leaving is as easy as coming."},
			{"keyboard", "Quick hands welcome", "Everything works with the keyboard alone, on a phone, in light and in dark."},
			{"eye-off", "No onlookers", "No trackers, no advertising, no scripts from other sites."},
		},
		FAQ:     defaultQuestions(),
		Closing: Block{"", "Move in today", "Tell us your company's name, prove your e-mail address, and your CRM is set up while you wait."},
		Terms:   defaultTerms,
		Privacy: defaultPrivacy,
		Imprint: defaultImprint,
	}
}

func defaultFeatures() []Block {
	return []Block{
		{"target", "Leads", "Keep everybody who has shown interest, with a next step and a day for it. What is overdue is red."},
		{"kanban", "Board and list", "The same records as a board to drag on, and as a list to sort, filter and total."},
		{"building-2", "Customers and contacts", "Companies and the people in them, with notes, files and a history of every change."},
		{"text-cursor-input", "Your own fields", "Add what your trade needs. Your fields sort, filter and export like the built-in ones."},
		{"search", "Found at once", "A few letters find any record. One key opens the search, another one every page."},
		{"users-round", "Roles and teams", "Decide who sees, changes and exports what. Lists, counts and exports all keep to it."},
	}
}

func defaultQuestions() []Block {
	return []Block{
		{"", "What does it cost to start?", "Nothing. The free plan has no end date, and you are not asked for a card."},
		{"", "Where is my data?", "In a database file that belongs to your company alone. No other customer's data is in it, and yours is in no other."},
		{"", "Can I take my data with me?", "Yes. Every list can be exported as a spreadsheet file, at any time and without asking us."},
		{"", "What if we outgrow our plan?", "Nothing stops and nothing is deleted. You cannot add another colleague until you change the plan or make room."},
		{"", "Who can see our records?", "The colleagues whom you invite, as far as the role that you give them allows."},
		{"", "Do I have to install anything?", "No. It runs in the browser, on a computer and on a phone."},
	}
}

const defaultTerms = `These are the rules for using this service. They are short on purpose.

# What you get

A CRM at an address of your own, with what your plan lists. Your plan says how many colleagues can work in it and how much room your files may take.

# What you owe

Nothing on a free plan. A plan with a price costs what its page says on the day you order it, and a later change of price does not change what you have already paid for.

# Your data

What you and your colleagues enter stays yours. You can export it at any time. We read it only to keep the service running, to help you when you ask, or when the law demands it.

# Fair use

- Keep your password to yourself.
- Enter only data that you are allowed to keep.
- Do not use the service to send unwanted letters, to harm others or to break the law.

We may close a CRM that breaks these rules, and say why.

# Ending it

You can stop at any time. After the end you have time to export your data before it is deleted.`

const defaultPrivacy = `This page says what is kept about you, and why.

# When you look at this site

No cookies are set for tracking, and nothing is loaded from other sites. A choice of light or dark is remembered in a cookie if you make one.

# When you register

Your name, your company, your e-mail address, the address that you choose for your CRM, the time, your network address and the version of the terms that you accepted. Your password is kept only in a form that cannot be turned back. A registration that is not finished runs out after a day and is deleted 30 days later.

# In your CRM

What you and your colleagues enter is kept in a file of your company's own. You decide what is in it, and you can export or delete it.

# Letters

You get letters that belong to your registration and your CRM. There is no newsletter.`

const defaultImprint = `The operator of this site has not entered an imprint yet.`
