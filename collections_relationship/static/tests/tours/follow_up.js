import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("collections_relationship_follow_up", {
    url: "/odoo/collection-cases",
    steps: () => [
        {
            content: "What has no stage yet stands behind the stages",
            trigger: ".o_kanban_group:last:contains(No Stage Yet)",
        },
        {
            content: "Open the case of the first customer",
            trigger: ".o_kanban_record:contains(Azure Tour)",
            run: "click",
        },
        {
            content: "Follow up now",
            trigger: ".o_form_view button[name=action_follow_up]",
            run: "click",
        },
        {
            content: "The gate says yes before anybody writes",
            trigger: ".modal .o_collection_verdict:contains(may be done now)",
        },
        {
            content: "Look at the message first",
            trigger: ".modal button[name=action_preview]",
            run: "click",
        },
        {
            content: "It is shown as the customer would see it; send it",
            trigger: ".modal:has(.o_preview_iframe) button[name=action_send]",
            run: "click",
        },
        {
            content: "It is on its way",
            trigger: ".o_notification:contains(on its way)",
        },
        {
            content: "Go to the invoices",
            trigger: "body:not(:has(.modal)) button[data-menu-xmlid='account.menu_finance_receivables']",
            run: "click",
        },
        {
            trigger: ".dropdown-item[data-menu-xmlid='collections_relationship.menu_account_move_follow_up']",
            run: "click",
        },
        {
            content: "Choose the other customer's invoice",
            trigger: ".o_data_row:contains(Borealis Tour) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: "button[name=action_collection_pause]",
            run: "click",
        },
        {
            content: "Pause it",
            trigger: ".modal button[name=action_pause]",
            run: "click",
        },
        {
            content: "The list says so",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(Borealis Tour):contains(Paused)",
        },
    ],
});
