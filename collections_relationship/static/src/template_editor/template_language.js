import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Return the code of the language a record's words are shown and saved in. */
export function languageOf(record) {
    return (record.context.lang || user.lang).replace("-", "_");
}

/** A choice of the language whose words the form shows and saves; its labels stay in the user's own. */
export class TemplateLanguage extends Component {
    static template = "collections_relationship.TemplateLanguage";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ languages: [] });
        onWillStart(async () => {
            const choices = await this.orm.call("collection.template", "preview_choices", [
                this.props.record.resId,
            ]);
            this.state.languages = choices.languages;
        });
    }

    get current() {
        return languageOf(this.props.record);
    }

    async choose(code) {
        const { record } = this.props;
        if (code === this.current) {
            return;
        }
        if ((!record.resId || (await record.isDirty())) && !(await record.save())) {
            return;
        }
        const root = record.model.root;
        await record.model.load({ resId: root.resId, context: { ...root.context, lang: code } });
    }
}

registry.category("view_widgets").add("collection_template_language", { component: TemplateLanguage });
