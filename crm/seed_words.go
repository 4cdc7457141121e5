package crm

import (
	"strings"

	"rowhouse/tenant"
)

var allModules = tenant.Limits{Modules: []string{"*"}}

// Words that example data is put together from. The companies' addresses end in .example, which nobody can own.
var (
	firstNames = strings.Fields(`Anna Ben Clara David Elena Felix Greta Hassan Ines Jakob Karim Laura Mateo Nina Omar Paula Quentin Rosa Samir Tara
		Umar Vera William Xenia Yusuf Zoe Amira Björn Chloé Dmitri Emre Freya Giulia Henrik Ingrid Joana Kofi Lucía Mikael Noor`)
	lastNames = strings.Fields(`Albrecht Bauer Costa Dubois Eriksen Fischer Garcia Hoffmann Ivanova Jensen Keller Lindqvist Moreau Novak Okafor Pereira
		Quist Rossi Schneider Taylor Ueda Vogel Walker Xu Yılmaz Zimmermann Almeida Becker Carter Demir Evans Ferrari Gupta Haddad Iyer Jansen Kaya Larsen Müller Nakamura`)
	companyNames = strings.Fields(`Northwind Halden Lumière Kestrel Oakwood Procom Brandt Alnoor Transvia Riverside Meridian Bellwether Quill Ardmore Sigma
		Harbour Vantage Parallel Notaris Bluebird Castell Dunmore Elbe Fjord Granit Heron Iris Juniper Kranich Lagoon`)
	positions = []string{"Managing director", "Head of purchasing", "Office manager", "Operations lead", "Finance director", "IT manager", "Marketing lead", "Owner"}
	nextSteps = []string{"Call back", "Send the offer", "Arrange a demo", "Ask about the budget", "Send references", "Agree on a date", "Check the contract", "Visit on site"}
	tagWords  = []string{"Hot", "Trade fair", "Renewal", "Inbound", "At risk", "Newsletter", "VIP"}
	streets   = []string{"Main Street", "Station Road", "Harbour Lane", "Market Square", "Mill Road", "Garden Street", "Church Lane"}
	trades    = []struct{ name string }{{"Logistics"}, {"Foods"}, {"Energy"}, {"Studio"}, {"Medical"}, {"Systems"}, {"Hotels"}, {"Build"}, {"Pharma"}, {"Design"}, {"Textiles"}, {"Print"}}
	places    = []struct{ city, country, code, language string }{{"Berlin", "DE", "49", "German"}, {"Hamburg", "DE", "49", "German"}, {"Vienna", "AT", "43", "German"}, {"Basel", "CH", "41", "German"},
		{"Lyon", "FR", "33", "French"}, {"Porto", "PT", "351", "Portuguese"}, {"Milan", "IT", "39", "Italian"}, {"Leeds", "GB", "44", "English"}, {"Aarhus", "DK", "45", "Danish"},
		{"Gdańsk", "PL", "48", "Polish"}, {"Dubai", "AE", "971", "Arabic"}, {"Pune", "IN", "91", "English"}, {"Osaka", "JP", "81", "Japanese"}, {"Austin", "US", "1", "English"}}
)

// mailName makes a name fit for a mail address: Björn becomes bjorn.
func mailName(s string) string { return tenant.NameOf(s) }
