import { ColumnPlugin } from "@html_editor/main/column_plugin";
import { BannerPlugin } from "@html_editor/main/banner_plugin";
import { ChatGPTTranslatePlugin } from "@html_editor/main/chatgpt/chatgpt_translate_plugin";
import { StarPlugin } from "@html_editor/main/star_plugin";
import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { onWillStart } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { CharField, charField } from "@web/views/fields/char/char_field";
import { TextField, textField } from "@web/views/fields/text/text_field";
import { PlaceholderPicker } from "./placeholder_picker";
import { CollectionPlaceholderPlugin } from "./placeholder_plugin";
import { choicesOf, loadPlaceholders } from "./placeholders";
import { languageOf } from "./template_language";

/** What a mail program would not show as it was meant. */
const UNFIT = [BannerPlugin, ChatGPTTranslatePlugin, ColumnPlugin, StarPlugin];

/** Loads what can be filled in before a field is shown. */
function usePlaceholders(component) {
    const orm = useService("orm");
    onWillStart(async () => {
        component.placeholders = await loadPlaceholders(orm);
    });
}

export class PlaceholderHtmlField extends HtmlField {
    static template = "collections_relationship.PlaceholderHtmlField";
    static components = { ...HtmlField.components, PlaceholderPicker };

    setup() {
        super.setup();
        usePlaceholders(this);
    }

    // The form has a choice of language of its own: its words are edited as they look, in each language.
    get isTranslatable() {
        return false;
    }

    get choices() {
        return choicesOf(this.placeholders, this.props.record.data.purpose);
    }

    insert(choice) {
        this.editor.shared.collectionPlaceholder.insertPlaceholder(choice.name);
    }

    getConfig() {
        const config = super.getConfig();
        return {
            ...config,
            Plugins: [
                ...config.Plugins.filter((plugin) => !UNFIT.includes(plugin)),
                CollectionPlaceholderPlugin,
            ],
            allowChecklist: false,
            allowFile: false,
            allowImage: false,
            allowVideo: false,
            direction: this.placeholders.rightToLeft.has(languageOf(this.props.record)) ? "rtl" : "ltr",
            collectionPlaceholders: this.placeholders,
            isCollectionPlaceholderKnown: (name) =>
                this.placeholders.byPurpose[this.props.record.data.purpose]?.has(name) ?? true,
        };
    }
}

registry.category("fields").add("collection_placeholder_html", {
    ...htmlField,
    component: PlaceholderHtmlField,
    additionalClasses: ["o_field_html"],
    extractProps: (...args) => ({ ...htmlField.extractProps(...args), embeddedComponents: false }),
});

/** Puts the text of a placeholder where the cursor was in an input, and lets the field know. */
function insertInto(input, position, name) {
    input.focus();
    input.setRangeText(`{{${name}}}`, position, position, "end");
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * Adds the choice of placeholders to a field of plain text.
 *
 * @param {typeof CharField | typeof TextField} Field
 * @param {string} template
 * @param {(field: Object) => HTMLElement} inputOf returns the element the field is typed in
 */
function withPlaceholders(Field, template, inputOf) {
    return class extends Field {
        static template = template;
        static components = { ...Field.components, PlaceholderPicker };

        setup() {
            super.setup();
            usePlaceholders(this);
        }

        // As above: each language is edited as it looks.
        get isTranslatable() {
            return false;
        }

        get choices() {
            return choicesOf(this.placeholders, this.props.record.data.purpose, false);
        }

        insert(choice) {
            const input = inputOf(this);
            insertInto(input, this.selectionStart, choice.name);
            this.selectionStart = input.selectionStart;
        }
    };
}

export const PlaceholderCharField = withPlaceholders(
    CharField,
    "collections_relationship.PlaceholderCharField",
    (field) => field.input.el
);
registry.category("fields").add("collection_placeholder_char", { ...charField, component: PlaceholderCharField });

export const PlaceholderTextField = withPlaceholders(
    TextField,
    "collections_relationship.PlaceholderTextField",
    (field) => field.textareaRef.el
);
registry.category("fields").add("collection_placeholder_text", { ...textField, component: PlaceholderTextField });
