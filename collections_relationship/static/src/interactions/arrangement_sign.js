import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { NameAndSignature } from "@web/core/signature/name_and_signature";
import { redirect } from "@web/core/utils/urls";
import { SignatureForm } from "@portal/signature_form/signature_form";

/** Name and drawing: both fields are there from the start, and neither takes the customer away from what he reads. */
export class NameAndDrawing extends NameAndSignature {
    // Its name field goes by another reference than Odoo's, which would be given the focus.
    static template = "collections_relationship.NameAndDrawing";

    setup() {
        super.setup();
        this.state.showSignatureArea = true;
    }
}

/** The customer's yes. After an answer of the server the button can be pressed again, whatever the answer was. */
export class SignForm extends SignatureForm {
    static template = "collections_relationship.SignForm";
    static components = { NameAndSignature: NameAndDrawing };

    setup() {
        super.setup();
        this.state.isSending = false;
        this.nameAndSignatureProps.onSignatureChange = () => (this.state.error = false);
    }

    async onClickSubmit() {
        if (this.state.isSending) {
            return;
        }
        Object.assign(this.state, { isSending: true, error: false });
        const drawing = this.signature.isSignatureEmpty === false ? this.signature.getSignatureImage() : "";
        const yes = { name: this.signature.name, signature: drawing.split(",")[1] || "" };
        let answer;
        try {
            answer = await rpc(this.props.callUrl, yes, { silent: true });
        } catch {
            answer = { error: _t("That did not reach us. Please look if you are online, and press the button once more.") };
        }
        if (answer.redirect_url) {
            redirect(answer.redirect_url);
            return; // the button waits for the next page
        }
        Object.assign(this.state, { isSending: false, error: answer.error || false });
    }
}

registry.category("public_components").add("collections_relationship.sign_form", SignForm);
