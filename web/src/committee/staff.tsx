// Accounts: who there is, what each may do where, and access.

import { useState } from "preact/hooks";
import { post } from "../common/api";
import type { Grant, IssuedPassword, Me, SelectionSummary, StaffView } from "../wire";
import { mayEverywhere } from "./access";
import { parseStaff } from "./forms";
import { GrantEditor, GrantWords } from "./grants";
import { Loaded, TroubleNotice, useAct, useDocument } from "./load";
import { strings } from "./strings";
import { useForm } from "./use-form";
import { ActButton, Chip, count, Dialog, TableFrame, TextField } from "./widgets";

type Opened = { dialog: "create" } | { dialog: "change"; id: string } | { dialog: "password"; issued: IssuedPassword };

/** `#/petugas`. */
export function StaffPage(props: { me: Me }) {
  const text = strings.staff;
  const mayChange = mayEverywhere(props.me, "administer");
  const staff = useDocument<StaffView[]>("/api/v1/staff");
  const selections = useDocument<SelectionSummary[]>("/api/v1/selections");
  const [opened, setOpened] = useState<Opened>();
  const close = (): void => setOpened(undefined);
  const changed = (issued: IssuedPassword | undefined): void => {
    void staff.reload();
    if (issued?.password != null) {
      setOpened({ dialog: "password", issued });
    }
  };
  return (
    <section class="page" data-testid="page-staff">
      <div class="page-head">
        <div>
          <h2>{text.heading}</h2>
          <p class="soft">{text.intro}</p>
        </div>
        {mayChange && <button type="button" class="primary" data-testid="staff-new" onClick={() => setOpened({ dialog: "create" })}>{text.create}</button>}
      </div>
      <Loaded of={staff}>
        {(list) => (
          <>
            <StaffTable list={list} me={props.me} selections={selections.value ?? []} mayChange={mayChange} change={(id) => setOpened({ dialog: "change", id })} />
            {opened?.dialog === "change" && list.filter((person) => person.id === opened.id).map((person) => (
              <ChangeDialog key={person.id} person={person} me={props.me} selections={selections.value ?? []} onClose={close} changed={changed} />
            ))}
          </>
        )}
      </Loaded>
      {opened?.dialog === "create" && <CreateDialog selections={selections.value ?? []} onClose={close} changed={changed} />}
      {opened?.dialog === "password" && <PasswordDialog issued={opened.issued} onClose={close} />}
    </section>
  );
}

function StaffTable(props: { list: StaffView[]; me: Me; selections: SelectionSummary[]; mayChange: boolean; change: (id: string) => void }) {
  const text = strings.staff;
  return (
    <TableFrame label={text.caption}>
      <table class="full">
        <caption class="visually-hidden">{text.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{text.name}</th>
            <th scope="col">{text.login}</th>
            <th scope="col">{text.grants}</th>
            <th scope="col" class="number">{text.sessions}</th>
            <th scope="col">{text.state}</th>
            {props.mayChange && <th scope="col">{text.acts}</th>}
          </tr>
        </thead>
        <tbody>
          {props.list.map((person) => (
            <tr key={person.id} data-testid={`staff-${person.login}`}>
              <th scope="row" class="plain">{person.name} {person.id === props.me.id && <span class="soft">({text.you})</span>}</th>
              <td class="code">{person.login}</td>
              <td><GrantWords grants={person.grants} selections={props.selections} /></td>
              <td class="number">{count(person.sessions)}</td>
              <td>{person.disabled ? <Chip kind="bad">{text.disabled}</Chip> : <Chip kind="good">{text.active}</Chip>}</td>
              {props.mayChange && (
                <td><button type="button" class="small" data-testid="staff-change" aria-label={text.changeFor(person.name)} onClick={() => props.change(person.id)}>{text.change}</button></td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function CreateDialog(props: { selections: SelectionSummary[]; onClose: () => void; changed: (issued: IssuedPassword) => void }) {
  const text = strings.staff;
  const form = useForm({ login: "", name: "" }, parseStaff);
  const [grants, setGrants] = useState<Grant[]>([]);
  const act = useAct();
  return (
    <Dialog title={text.createHeading} onClose={props.onClose} testid="staff-create-dialog" wide>
      <form noValidate onSubmit={form.submit((value) => {
        void act.run(() => post<IssuedPassword>("/api/v1/staff", { ...value, grants })).then((done) => {
          if (done !== undefined) {
            props.changed(done.value);
          }
        });
      })}>
        <div class="fields">
          <TextField form={form} name="name" label={text.name} testid="staff-name" />
          <TextField form={form} name="login" label={text.login} hint={text.loginHint} testid="staff-login" />
        </div>
        <GrantEditor grants={grants} selections={props.selections} change={setGrants} />
        <TroubleNotice trouble={act.trouble} />
        <div class="row end">
          <button type="button" onClick={props.onClose}>{strings.common.cancel}</button>
          <ActButton type="submit" kind="primary" busy={act.busy} label={text.submit} testid="staff-submit" />
        </div>
      </form>
    </Dialog>
  );
}

interface Change {
  name?: string;
  disabled?: boolean;
  grants?: Grant[];
  reset_password?: boolean;
  revoke_sessions?: boolean;
}

function ChangeDialog(props: { person: StaffView; me: Me; selections: SelectionSummary[]; onClose: () => void; changed: (issued: IssuedPassword | undefined) => void }) {
  const text = strings.staff;
  const { person } = props;
  const self = person.id === props.me.id;
  const form = useForm({ login: person.login, name: person.name }, parseStaff);
  const [grants, setGrants] = useState(person.grants);
  const [stored, setStored] = useState(false);
  const act = useAct();
  const send = (change: Change): void => {
    setStored(false);
    const body = { name: null, disabled: null, grants: null, reset_password: false, revoke_sessions: false, ...change };
    void act.run(() => post<IssuedPassword | undefined>(`/api/v1/staff/${person.id}`, body)).then((done) => {
      if (done !== undefined) {
        setStored(true);
        props.changed(done.value);
      }
    });
  };
  return (
    <Dialog title={text.changeHeading(person.name)} onClose={props.onClose} testid="staff-change-dialog" wide>
      <fieldset class="bare" disabled={act.busy}>
        <legend class="visually-hidden">{text.changeHeading(person.name)}</legend>
        <form noValidate class="row bottom" onSubmit={form.submit((value) => send({ name: value.name }))}>
          <TextField form={form} name="name" label={text.name} testid="staff-name" />
          <button type="submit" data-testid="staff-save-name">{text.saveName}</button>
        </form>
        <GrantEditor grants={grants} selections={props.selections} change={setGrants}>
          <button type="button" data-testid="staff-save-grants" onClick={() => send({ grants })}>{text.saveGrants}</button>
        </GrantEditor>
        <h3>{text.access}</h3>
        <ul class="act-list">
          <li>
            <button type="button" data-testid="staff-reset" onClick={() => send({ reset_password: true })}>{text.reset}</button>
            <span class="soft">{text.resetHint}</span>
          </li>
          <li>
            <button type="button" data-testid="staff-revoke" disabled={person.sessions === 0} onClick={() => send({ revoke_sessions: true })}>{text.revoke(person.sessions)}</button>
            <span class="soft">{text.revokeHint}</span>
          </li>
          <li>
            {person.disabled
              ? <button type="button" data-testid="staff-unlock" onClick={() => send({ disabled: false })}>{text.unlock}</button>
              : <button type="button" class="danger" data-testid="staff-lock" disabled={self} onClick={() => send({ disabled: true })}>{text.lock}</button>}
            <span class="soft">{self ? text.lockSelf : text.lockHint}</span>
          </li>
        </ul>
      </fieldset>
      <TroubleNotice trouble={act.trouble} />
      <div class="row end">
        <span role="status" class="done-word">{act.busy ? strings.common.working : stored && text.changed}</span>
        <button type="button" data-testid="staff-close" onClick={props.onClose}>{strings.common.close}</button>
      </div>
    </Dialog>
  );
}

function PasswordDialog(props: { issued: IssuedPassword; onClose: () => void }) {
  const text = strings.staff;
  const { issued } = props;
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    // Without a secure origin there is no clipboard; the password can still be read off.
    void navigator.clipboard?.writeText(issued.password ?? "").then(() => setCopied(true));
  };
  return (
    <Dialog title={text.passwordHeading} onClose={props.onClose} testid="password-dialog">
      <p>{text.passwordHint}</p>
      <dl class="issued">
        <dt>{text.login}</dt><dd class="code" data-testid="issued-login">{issued.login}</dd>
        <dt>{text.password}</dt><dd class="code secret" data-testid="issued-password">{issued.password}</dd>
      </dl>
      <div class="row end">
        <span role="status" class="done-word">{copied && strings.common.copied}</span>
        <button type="button" onClick={copy}>{strings.common.copy}</button>
        <button type="button" class="primary" data-testid="password-done" onClick={props.onClose}>{text.passwordDone}</button>
      </div>
    </Dialog>
  );
}
