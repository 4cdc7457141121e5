package admin

import (
	"testing"

	"github.com/jba/templatecheck"
)

func TestTemplatesFitTheirData(t *testing.T) {
	for name, err := range map[string]error{
		"login": templatecheck.CheckHTML(loginPage.Template(), door{}), "choose": templatecheck.CheckHTML(choosePage.Template(), door{}), "tenants": templatecheck.CheckHTML(listPage.Template(), tenantList{}),
		"tenant": templatecheck.CheckHTML(showPage.Template(), tenantPage{}), "factor": templatecheck.CheckHTML(factorPage.Template(), factorDoor{}), "operators": templatecheck.CheckHTML(operatorsPage.Template(), operatorList{}), "operator": templatecheck.CheckHTML(operatorPage.Template(), operatorSheet{}),
		"own": templatecheck.CheckHTML(ownPage.Template(), ownSheet{}), "tokens": templatecheck.CheckHTML(tokensPage.Template(), tokenList{}), "browser": templatecheck.CheckHTML(browserPage.Template(), browserSheet{}), "setup": templatecheck.CheckHTML(setupPage.Template(), setupSheet{}), "settings": templatecheck.CheckHTML(settingsPage.Template(), settingSheet{}), "log": templatecheck.CheckHTML(logPage.Template(), logSheet{}), "updates": templatecheck.CheckHTML(updatesPage.Template(), updateSheet{}),
		"act": templatecheck.CheckHTML(actPage.Template(), actSheet{}), "entry": templatecheck.CheckHTML(entryPage.Template(), entrySheet{}),
		"tenant's invoices": templatecheck.CheckHTML(invoicesOf.Template(), tenantInvoices{}), "tenant's set-up": templatecheck.CheckHTML(setUpPage.Template(), tenantSetUp{}), "tenant's log": templatecheck.CheckHTML(tenantLogOf.Template(), tenantLog{}),
		"tenant's staff": templatecheck.CheckHTML(tenantPeople.Template(), tenantStaff{}), "limits": templatecheck.CheckHTML(limitsPage.Template(), tenantLimits{}), "backups": templatecheck.CheckHTML(backupsPage.Template(), tenantBackups{}),
		"instructions": templatecheck.CheckHTML(instructionsPage.Template(), instructionSheet{}),
		"new":          templatecheck.CheckHTML(newPage.Template(), orderSheet{}), "site": templatecheck.CheckHTML(sitePage.Template(), siteForm{}),
		"names": templatecheck.CheckHTML(namesPage.Template(), nameList{}), "letters": templatecheck.CheckHTML(lettersPage.Template(), letterList{}),
		"gateways": templatecheck.CheckHTML(gatewaysPage.Template(), gatewayList{}), "events": templatecheck.CheckHTML(eventsPage.Template(), eventList{}), "event": templatecheck.CheckHTML(eventPage.Template(), eventSheet{}),
		"invoices": templatecheck.CheckHTML(invoicesPage.Template(), invoiceList{}), "invoice": templatecheck.CheckHTML(invoicePage.Template(), invoiceSheet{}), "customers": templatecheck.CheckHTML(customersPage.Template(), customerList{}),
		"plans": templatecheck.CheckHTML(plansPage.Template(), planList{}), "plan": templatecheck.CheckHTML(planPage.Template(), planSheet{}), "give": templatecheck.CheckHTML(givePage.Template(), giveSheet{}),
		"letter texts": templatecheck.CheckHTML(letterTextsPage.Template(), letterTextList{}), "letter text": templatecheck.CheckHTML(letterTextPage.Template(), letterTextSheet{}), "coupons": templatecheck.CheckHTML(couponsPage.Template(), couponList{}),
		"modules": templatecheck.CheckHTML(modulesPage.Template(), moduleList{}), "module": templatecheck.CheckHTML(modulePage.Template(), moduleSheet{}), "new module": templatecheck.CheckHTML(newModulePage.Template(), newModuleSheet{}),
		"seller": templatecheck.CheckHTML(sellerPage.Template(), sellerSheet{}), "policies": templatecheck.CheckHTML(policiesPage.Template(), policyList{}), "policy": templatecheck.CheckHTML(policyPage.Template(), policySheet{}),
		"health": templatecheck.CheckHTML(healthPage.Template(), healthSheet{}), "home": templatecheck.CheckHTML(homePage.Template(), homeSheet{}),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNoTwoPagesHaveOneKey looks at the shortcuts of the menu.
func TestNoTwoPagesHaveOneKey(t *testing.T) {
	seen := map[string]string{}
	for _, g := range menu {
		for _, i := range g.Items {
			if other := seen[i.Key]; i.Key != "" && other != "" {
				t.Errorf("%s and %s are both at %s", i.Label, other, i.Key)
			}
			seen[i.Key] = i.Label
		}
	}
}
