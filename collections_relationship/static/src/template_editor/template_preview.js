import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { KeepLast } from "@web/core/utils/concurrency";
import { debounce } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { languageOf } from "./template_language";

const TEXTS = [
    "subject",
    "preview",
    "body_html",
    "button_label",
    "sms_body",
    "letter_html",
    "portal_html",
    "call_html",
];
const KINDS = ["purpose", "tone", "audience", "is_statutory"];
/** A person who types is not interrupted; half a second after the last key the preview follows. */
const DELAY = 500;
/** How wide a mail is laid out, in pixels. */
const WIDTHS = { phone: 375, desktop: 760 };

/** How a message reads: for any customer, on any channel, in any language, while it is being written. */
export class TemplatePreview extends Component {
    static template = "collections_relationship.TemplatePreview";
    static components = { RecordSelector };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.ui = useState(useService("ui"));
        this.frame = useRef("frame");
        this.box = useRef("box");
        this.keepLast = new KeepLast();
        this.state = useState({
            isOpen: !this.ui.isSmall,
            caseId: false,
            channel: "email",
            lang: languageOf(this.props.record),
            width: this.ui.isSmall ? "phone" : "desktop",
            variantId: false,
            languages: [],
            variants: [],
            message: null,
            error: "",
            isSending: false,
            isWaiting: true,
        });
        this.wordsLang = this.state.lang;
        this.refreshSoon = debounce(() => this.refresh(), DELAY);

        onWillStart(() => this.loadChoices());
        useRecordObserver((record) => {
            // What is read here is what the preview depends on.
            [...TEXTS, ...KINDS, "industry_id"].forEach((name) => record.data[name]);
            if (languageOf(record) !== this.wordsLang) {
                this.wordsLang = this.state.lang = languageOf(record);
                this.state.variantId = false;
            }
            this.refreshSoon();
        });
        useBus(this.props.record.model.bus, "FIELD_IS_DIRTY", ({ detail: isDirty }) => {
            if (isDirty) {
                this.commitSoon();
            }
        });
        this.commitSoon = debounce(() => this.commit(), DELAY);
        onWillUnmount(() => {
            this.refreshSoon.cancel();
            this.commitSoon.cancel();
        });
        useEffect(
            () => this.fit(),
            () => [this.state.message, this.state.width, this.state.channel, this.state.isOpen]
        );
    }

    get channels() {
        return [
            { code: "email", name: _t("E-mail"), icon: "fa-envelope-o" },
            { code: "sms", name: _t("Text message"), icon: "fa-comment-o" },
            { code: "letter", name: _t("Letter"), icon: "fa-file-text-o" },
            { code: "call", name: _t("Call sheet"), icon: "fa-phone" },
            { code: "portal", name: _t("Portal"), icon: "fa-globe" },
        ];
    }

    get caseDomain() {
        return [["state", "=", "open"]];
    }

    async loadChoices() {
        const choices = await this.orm.call("collection.template", "preview_choices", [this.props.record.resId]);
        Object.assign(this.state, {
            caseId: choices.case_id,
            languages: choices.languages,
            variants: choices.variants,
        });
    }

    /** Take over what is being typed, so that the preview shows it. */
    async commit() {
        const proms = [];
        this.props.record.model.bus.trigger("NEED_LOCAL_CHANGES", { proms });
        await Promise.all(proms);
        this.refreshSoon();
    }

    get request() {
        const { record } = this.props;
        const { variantId, caseId, channel, lang } = this.state;
        if (variantId && variantId !== record.resId) {
            return [variantId, {}, this.wordsLang, caseId, channel, lang];
        }
        const values = {};
        for (const name of [...TEXTS, ...KINDS]) {
            const value = record.data[name];
            values[name] = typeof value === "boolean" || !value ? value || false : value.toString();
        }
        values.industry_id = record.data.industry_id?.id || false;
        return [record.resId, values, this.wordsLang, caseId, channel, lang];
    }

    async refresh() {
        if (!this.state.isOpen) {
            return;
        }
        this.state.isWaiting = true;
        const { channel } = this.state;
        const message = await this.keepLast.add(
            this.orm.silent.call("collection.template", "preview_message", this.request)
        );
        this.state.isWaiting = false;
        this.state.error = message.error || "";
        if (!message.error) {
            this.state.message = { ...message, channel };
        }
    }

    choose(values) {
        Object.assign(this.state, values);
        return this.refresh();
    }

    toggle() {
        this.state.isOpen = !this.state.isOpen;
        return this.refresh();
    }

    async sendToMe() {
        this.state.isSending = true;
        try {
            await this.commit();
            const address = await this.orm.call("collection.template", "send_preview", this.request);
            this.notification.add(_t("A test is on its way to %s.", address), { type: "success" });
        } finally {
            this.state.isSending = false;
        }
    }

    // === SHOWING === //

    get page() {
        const { html, lang, direction } = this.state.message;
        if (this.state.channel === "email") {
            return html;
        }
        const font = this.state.channel === "letter" ? "Georgia,'Times New Roman',serif" : "inherit";
        return (
            `<html lang="${lang.replace("_", "-")}" dir="${direction}"><head><meta charset="utf-8"></head>` +
            `<body style="margin:0;padding:20px;font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;color:#1f2328;">` +
            `<div style="font-family:${font};">${html}</div></body></html>`
        );
    }

    /** The message, once it is there on the channel that was chosen; where its words cannot be read, there is none. */
    get isShown() {
        return this.state.message?.channel === this.state.channel;
    }

    get hasWords() {
        const { message, channel } = this.state;
        return channel === "sms" ? message.text : message.html.trim();
    }

    /** The frame is as wide as the screen it stands for, made smaller to fit, and as high as its content. */
    fit() {
        const { el: frame } = this.frame;
        const { el: box } = this.box;
        if (!frame || !box) {
            return;
        }
        const wide = this.state.channel === "email" && this.state.width === "desktop";
        const room = box.clientWidth;
        const width = wide ? Math.max(WIDTHS.desktop, room) : Math.min(room, this.state.channel === "email" ? WIDTHS.phone : room);
        const scale = Math.min(1, room / width);
        frame.style.width = `${width}px`;
        frame.style.transform = `scale(${scale})`;
        frame.style.height = "0";
        const height = frame.contentDocument?.documentElement?.scrollHeight || 0;
        frame.style.height = `${height}px`;
        box.style.height = `${Math.ceil(height * scale)}px`;
    }

    get lengthText() {
        const { segments, letters } = this.state.message;
        return segments === 1
            ? _t("1 text message, %s letters", letters)
            : _t("%(count)s text messages, %(letters)s letters", { count: segments, letters });
    }
}

registry.category("view_widgets").add("collection_template_preview", { component: TemplatePreview });
