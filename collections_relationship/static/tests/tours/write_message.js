import { registry } from "@web/core/registry";

const EDITOR = ".o_field_widget[name=body_html] .note-editable";
const PREVIEW = ".o_collection_template_preview";

/** Puts the cursor behind the words of a paragraph, as a click there does. */
function putCursorBehind(words) {
    const editable = document.querySelector(EDITOR);
    const paragraph = [...editable.querySelectorAll("p")].find((p) => p.textContent.includes(words));
    editable.focus();
    document.getSelection().setBaseAndExtent(paragraph, paragraph.childNodes.length, paragraph, paragraph.childNodes.length);
}

function previewSays(words) {
    return () => {
        const frame = document.querySelector(`${PREVIEW} iframe`);
        if (!frame?.contentDocument?.body?.textContent.replaceAll("\u00a0", " ").includes(words)) {
            throw new Error(`The preview does not say: ${words}`);
        }
    };
}

registry.category("web_tour.tours").add("collections_relationship_write_message", {
    steps: () => [
        {
            content: "Placeholders are shown by their names, never as code",
            trigger: `${EDITOR} .o_collection_placeholder:contains(Greeting)`,
        },
        {
            content: "The preview speaks to the customer who owes most",
            trigger: `${PREVIEW} .o_collection_preview_inbox:contains(A quick note from)`,
        },
        {
            content: "A placeholder chosen while another one is selected stands beside it, not in it",
            trigger: `${EDITOR} .o_collection_placeholder:contains(Greeting)`,
            run({ anchor }) {
                document.querySelector(EDITOR).focus();
                document.getSelection().setBaseAndExtent(anchor.firstChild, 0, anchor.firstChild, 0);
            },
        },
        {
            trigger: ".o_field_widget[name=body_html] .o_collection_placeholder_button",
            run: "click",
        },
        {
            trigger: ".o_collection_placeholder_menu [data-placeholder=customer]",
            run: "click",
        },
        {
            trigger: `${EDITOR}:not(:has(.o_collection_placeholder .o_collection_placeholder)) p:contains(Greeting) .o_collection_placeholder:contains(Customer)`,
        },
        {
            content: "Write a sentence of one's own",
            trigger: `${EDITOR} p:contains(Could you take a quick look)`,
            run() {
                putCursorBehind("Could you take a quick look");
                document.execCommand("insertText", false, " It comes to ");
            },
        },
        {
            content: "Open the picker",
            trigger: ".o_field_widget[name=body_html] .o_collection_placeholder_button",
            run: "click",
        },
        {
            content: "What another purpose knows is not offered",
            trigger: ".o_collection_placeholder_menu:not(:has([data-placeholder=plan]))",
        },
        {
            content: "Search by a plain name",
            trigger: ".o_collection_placeholder_menu input",
            run: "edit amount due",
        },
        {
            content: "Choose it",
            trigger: ".o_collection_placeholder_menu:not(:has([data-placeholder=items])) [data-placeholder=amount_due]",
            run: "click",
        },
        {
            content: "It stands behind the sentence",
            trigger: `${EDITOR} p:contains(It comes to) .o_collection_placeholder:contains(Amount due)`,
        },
        {
            content: "A table is put on a line of its own",
            trigger: ".o_field_widget[name=body_html] .o_collection_placeholder_button",
            run: "click",
        },
        {
            trigger: ".o_collection_placeholder_menu [data-placeholder=other_items]",
            run: "click",
        },
        {
            content: "The preview follows",
            trigger: `${PREVIEW} iframe`,
            async run() {
                for (let attempt = 0; attempt < 50; attempt++) {
                    try {
                        return previewSays("It comes to $ 1,200.00")();
                    } catch {
                        await new Promise((resolve) => setTimeout(resolve, 200));
                    }
                }
                previewSays("It comes to $ 1,200.00")();
            },
        },
        {
            content: "As a text message",
            trigger: `${PREVIEW} [data-channel=sms]`,
            run: "click",
        },
        {
            content: "With its number",
            trigger: `${PREVIEW}:has(.o_collection_bubble):contains(text message)`,
        },
        {
            content: "A placeholder goes into the subject too",
            trigger: ".o_field_widget[name=subject] .o_collection_placeholder_button",
            run: "click",
        },
        {
            trigger: ".o_collection_placeholder_menu:not(:has([data-placeholder=items])) [data-placeholder=customer]",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is saved",
            trigger: ".o_form_saved, .o_form_status_indicator_buttons.invisible",
        },
        {
            content: "The words of another language, in the same place",
            trigger: ".o_collection_template_language [data-lang=fr_FR]",
            run: "click",
        },
        {
            trigger: `.o_collection_template_language [data-lang=fr_FR][aria-pressed=true]`,
        },
        {
            content: "Labels stay in one's own language",
            trigger: ".o_field_widget[name=subject] input",
            run({ anchor }) {
                if (anchor.value.includes("{{customer}}")) {
                    throw new Error("The French subject must not have changed");
                }
                if (!document.querySelector("button[name=body_html], .nav-link[name=message]").textContent.includes("E-mail")) {
                    throw new Error("The label of the page changed its language");
                }
            },
        },
    ],
});
