import { patch } from "@web/core/utils/patch";
import { registry } from "@web/core/registry";
import { RPCError } from "@web/core/network/rpc";
import { WarningDialog } from "@web/core/errors/error_dialogs";
import { Composer } from "@mail/core/common/composer";

/** What the server answers when nobody has said whether a message is about payment. */
const UNANSWERED = "odoo.addons.collections_relationship.models.collection_door.Unanswered";

registry.category("error_dialogs").add(UNANSWERED, WarningDialog);

/** In the chatter the question is asked where it can be answered: in the full composer, with the words typed so far. */
patch(Composer.prototype, {
    async processMessage(cb) {
        try {
            await super.processMessage(cb);
        } catch (error) {
            this.state.active = true;
            if (error instanceof RPCError && error.exceptionName === UNANSWERED && this.env.inChatter) {
                await this.onClickFullComposer();
                return;
            }
            throw error;
        }
    },
});
